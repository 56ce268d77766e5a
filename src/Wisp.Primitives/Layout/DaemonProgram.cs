using Wisp.Tools;

namespace Wisp.Layout;

/// <summary>How wispd is run: as an executable, or by <c>dotnet</c>.</summary>
/// <param name="Program">What is executed.</param>
/// <param name="Leading">What comes before wispd's own arguments.</param>
public sealed record DaemonProgram(string Program, IReadOnlyList<string> Leading)
{
    private const string Variable = "WISP_DAEMON";

    // The runtime that runs this program runs the daemon too, wherever it is installed.
    private static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";

    /// <summary>Finds it: <c>$WISP_DAEMON</c>, else beside the running program, else where the build of the same configuration puts it.</summary>
    /// <param name="variable">Reads the environment.</param>
    public static Result<DaemonProgram> Locate(Func<string, string?> variable)
    {
        var here = AppContext.BaseDirectory;
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(here));
        string[] candidates = variable(Variable) is { Length: > 0 } set
            ? [Path.GetFullPath(set)]
            :
            [
                // The .dll first: an executable beside it is only its launcher, which may not find the runtime that runs this program.
                Path.Combine(here, "wispd.dll"),
                Path.Combine(here, "wispd"),
                Path.GetFullPath(Path.Combine(here, "..", "..", "Wisp.Daemon", configuration, "wispd.dll")),
            ];
        return candidates.FirstOrDefault(File.Exists) is { } found
            ? found.EndsWith(".dll", StringComparison.Ordinal) ? new DaemonProgram(Dotnet, [found]) : new DaemonProgram(found, [])
            : new WispError(
                ErrorCode.OperationFailed,
                $"There is no wispd at {string.Join(" or ", candidates)}.",
                $"Start through ./wisp, which builds it, or name it in {Variable}.",
                "missing-program");
    }

    /// <summary>A command of wispd.</summary>
    public ToolCommand Command(params IReadOnlyList<string> arguments) => new(Program, [.. Leading, .. arguments]);
}
