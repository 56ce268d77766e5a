using Wisp.Tools;

namespace Wisp.Bench.Node;

/// <summary>How wispd is run: as an executable, or by <c>dotnet</c>.</summary>
/// <param name="Program">What is executed.</param>
/// <param name="Prefix">What comes before wispd's own arguments.</param>
internal sealed record DaemonProgram(string Program, IReadOnlyList<string> Prefix)
{
    /// <summary>Finds it: <c>$WISP_DAEMON</c>, else beside the running program, else where the build of the same configuration puts it.</summary>
    public static Result<DaemonProgram> Locate()
    {
        var here = AppContext.BaseDirectory;
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(here));
        string[] candidates = Environment.GetEnvironmentVariable("WISP_DAEMON") is { Length: > 0 } set
            ? [set]
            : [
                Path.Combine(here, "wispd"),
                Path.Combine(here, "wispd.dll"),
                Path.GetFullPath(Path.Combine(here, "..", "..", "Wisp.Daemon", configuration, "wispd.dll")),
            ];
        return candidates.FirstOrDefault(File.Exists) is { } found
            ? Of(found)
            : new WispError(ErrorCode.OperationFailed, $"wispd is not there: {string.Join(", ", candidates)}.", "Start through ./wisp, which builds it.", "missing-program");
    }

    /// <summary>A command line.</summary>
    public ToolCommand Command(params IReadOnlyList<string> arguments) => new(Program, [.. Prefix, .. arguments]);

    private static DaemonProgram Of(string path)
    {
        if (!path.EndsWith(".dll", StringComparison.Ordinal))
        {
            return new DaemonProgram(path, []);
        }

        var running = Environment.ProcessPath;
        return new DaemonProgram(Path.GetFileName(running) == "dotnet" ? running! : "dotnet", [path]);
    }
}
