using Wisp.Tools;

namespace Wisp.Layout;

/// <summary>The wispd to run: an executable, or an assembly that <c>dotnet</c> runs.</summary>
/// <param name="Program">What to start.</param>
/// <param name="Leading">Arguments before wispd's own.</param>
public sealed record DaemonProgram(string Program, IReadOnlyList<string> Leading)
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "WISP_DAEMON";

    /// <summary>Finds it: in <see cref="Variable"/>, beside this program, or where a build of this repository puts it.</summary>
    /// <param name="variable">Reads the environment.</param>
    public static Result<DaemonProgram> Locate(Func<string, string?> variable)
    {
        var here = AppContext.BaseDirectory;
        string[] candidates = variable(Variable) is { Length: > 0 } set
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
    /// <param name="arguments">Its arguments.</param>
    public ToolCommand Command(params IReadOnlyList<string> arguments) => new(Program, [.. Leading, .. arguments]);

    // The runtime that runs this program runs the daemon too, wherever it is installed.
    private static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
}
