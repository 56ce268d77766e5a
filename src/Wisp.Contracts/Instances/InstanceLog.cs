namespace Wisp.Contracts.Instances;

/// <summary>A piece of an instance's console (platform API, "log").</summary>
public sealed record InstanceLog : Item
{
    /// <summary>The bytes, in base64.</summary>
    public string? Output { get; init; }
    /// <summary>The window that is held.</summary>
    public LogRange? Available { get; init; }
    /// <summary>The positions that are returned.</summary>
    public LogRange? Range { get; init; }
    /// <summary>State of the instance.</summary>
    public string? State { get; init; }
}

/// <summary>Byte positions of a console.</summary>
/// <param name="Start">First.</param>
/// <param name="End">After the last.</param>
public sealed record LogRange(long Start, long End);
