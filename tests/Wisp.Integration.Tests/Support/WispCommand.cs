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
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments, "--data-dir", DataDirectory])
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

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down");
        Directory.Delete(DataDirectory, recursive: true);
    }
}
