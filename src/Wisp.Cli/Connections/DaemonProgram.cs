using Wisp.Tools;

namespace Wisp.Cli.Connections;

/// <summary>The wispd to run.</summary>
/// <param name="Program">What to start.</param>
/// <param name="Leading">Arguments before wispd's own.</param>
internal sealed record DaemonProgram(string Program, IReadOnlyList<string> Leading)
{
    public const string Variable = "WISP_DAEMON";

    /// <summary>Finds it: in <c>WISP_DAEMON</c>, beside this program, or where a build of this repository puts it.</summary>
    public static Result<DaemonProgram> Locate(Func<string, string?> variable)
    {
        var here = AppContext.BaseDirectory;
        string[] candidates = variable(Variable) is { } set
            ? [Path.GetFullPath(set)]
            :
            [
                Path.Combine(here, "wispd"), Path.Combine(here, "wispd.dll"),
                Path.GetFullPath(Path.Combine(here, "..", "..", "Wisp.Daemon", Path.GetFileName(Path.TrimEndingDirectorySeparator(here)), "wispd.dll")),
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

    // The runtime that runs this program runs the daemon too, wherever it is installed.
    private static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
}
