using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Wisp.Tools;

/// <summary>Runs host programs as child processes.</summary>
public sealed class ToolRunner : IToolRunner
{
    /// <inheritdoc/>
    public async Task<Result<ToolOutput>> RunAsync(
        ToolCommand command, Action<ToolLine>? onLine = null, CancellationToken cancellation = default)
    {
        var start = new ProcessStartInfo(Locate(command.Program), command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = command.WorkingDirectory ?? "",
        };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return ToolPackages.Missing(command.Program, e.Message);
        }

        var stdout = Pump(process.StandardOutput, isError: false, onLine);
        var stderr = Pump(process.StandardError, isError: true, onLine);
        try
        {
            try
            {
                await process.StandardInput.WriteAsync(command.Input.AsMemory(), cancellation);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program ended without reading its input; its exit code tells.
            }

            await process.WaitForExitAsync(cancellation);
            return new ToolOutput(process.ExitCode, await stdout, await stderr);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // Whoever cleans up after it must not find it still at work.
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    private static async Task<string> Pump(StreamReader reader, bool isError, Action<ToolLine>? onLine)
    {
        var all = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            all.Append(line).Append('\n');
            onLine?.Invoke(new ToolLine(line, isError));
        }

        return all.ToString();
    }

    // A service's PATH often lacks the sbin directories where Debian keeps nft and ip.
    private static string Locate(string program)
    {
        if (program.Contains('/'))
        {
            return program;
        }

        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"])
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists) ?? program;
    }
}
