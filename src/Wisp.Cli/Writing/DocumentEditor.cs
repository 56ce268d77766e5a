using System.ComponentModel;
using System.Diagnostics;
using Wisp.Tools;

namespace Wisp.Cli.Writing;

/// <summary>Lets a program or a person change a document.</summary>
/// <param name="shell">Where it was typed.</param>
internal sealed class DocumentEditor(Shell shell)
{
    private static readonly string[] UsualEditors = ["vi", "nano"];

    /// <summary>Whether a person can be asked.</summary>
    public WispError? Check() =>
        !shell.InputIsTerminal || !shell.OutputIsTerminal ? new WispError(ErrorCode.OperationFailed, "--visual needs a terminal.", "Let a program change the document: --cmd COMMAND")
        : Program() is null ? new WispError(ErrorCode.OperationFailed, "There is no editor.", "Name one in VISUAL or EDITOR.")
        : null;

    /// <summary>Pipes it through a command.</summary>
    public async Task<Result<string>> PipeAsync(string text, string command, CancellationToken cancellation)
    {
        if ((await new ToolRunner().RunAsync(new ToolCommand("sh", "-c", command) { Input = text }, cancellation: cancellation)).Failed(out var error, out var ran))
        {
            return error;
        }

        await shell.Error.WriteAsync(ran.Stderr);
        return ran.ExitCode == 0 ? ran.Stdout : new WispError(ErrorCode.OperationFailed, $"'{command}' ended with exit code {ran.ExitCode}; nothing was sent.", "See what it needs; it reads the document and prints the one to send.");
    }

    /// <summary>Opens it in the editor.</summary>
    public async Task<Result<string>> OpenAsync(string text, CancellationToken cancellation)
    {
        var path = Draft.NewFile();
        try
        {
            Draft.Write(path, text);
            // Through a shell, since people put options there: VISUAL='code --wait'.
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Program() + " \"$1\"", "sh", path]) { UseShellExecute = false })!;
            try
            {
                await process.WaitForExitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                throw;
            }

            var written = await File.ReadAllTextAsync(path, cancellation);
            return process.ExitCode == 0 ? written
                : Draft.Keep(written, new WispError(ErrorCode.OperationFailed, $"The editor '{Program()}' ended with exit code {process.ExitCode}; nothing was sent."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot edit {path}: {exception.Message}", "See that TMPDIR is a directory to write in.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private string? Program() => shell.Variable("VISUAL") ?? shell.Variable("EDITOR")
        ?? UsualEditors.FirstOrDefault(editor => (shell.Variable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, editor))));
}
