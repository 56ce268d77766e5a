using System.Diagnostics;

namespace Wisp.Integration.Tests.Support;

/// <summary>The real command, as a process, over a data directory of its own.</summary>
public sealed class WispCommand : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "wisp.dll");

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("wisp-cli-it-").FullName;

    /// <summary>Runs a command line to its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Executable[0], [.. Executable[1..], .. arguments, "--data-dir", DataDirectory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts a command line that goes on until it is killed; its standard output can be read.</summary>
    public Process Start(params IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(Executable[0], [.. Executable[1..], .. arguments, "--data-dir", DataDirectory]) { RedirectStandardOutput = true, UseShellExecute = false })!;

    // WISP_COMMAND_UNDER_TEST is another build of it, such as the one of machine code.
    private static readonly string[] Executable = Environment.GetEnvironmentVariable("WISP_COMMAND_UNDER_TEST") is { Length: > 0 } given ? [given] : ["dotnet", Program];

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down");
        Directory.Delete(DataDirectory, recursive: true);
    }
}
