namespace Wisp.Tools;

/// <summary>What a host program left behind.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when signal n ended it.</param>
/// <param name="Stdout">All of standard output.</param>
/// <param name="Stderr">All of standard error.</param>
public sealed record ToolOutput(int ExitCode, string Stdout, string Stderr)
{
    /// <summary>True when the exit code is 0.</summary>
    public bool Ok => ExitCode == 0;

    /// <summary>The last non-empty line of standard error (or else of standard output): usually the reason.</summary>
    public string LastLine =>
        LastOf(Stderr) ?? LastOf(Stdout) ?? $"exit code {ExitCode}";

    private static string? LastOf(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : null;
}
