namespace Wisp.Tools;

/// <summary>One invocation of a host program. No shell is involved.</summary>
/// <param name="Program">Name (searched in PATH and the sbin directories) or absolute path.</param>
/// <param name="Arguments">Arguments, passed as they are.</param>
public sealed record ToolCommand(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Text for standard input; null means an empty one.</summary>
    public string? Input { get; init; }

    /// <summary>Working directory; null means the caller's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables added to the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
