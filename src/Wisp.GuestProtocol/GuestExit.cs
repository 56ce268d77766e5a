namespace Wisp.GuestProtocol;

/// <summary>How an entrypoint ended.</summary>
public sealed record GuestExit
{
    /// <summary>
    /// Exit code as a shell shows it: 0–255; 128 + n when signal n ended it; 126 not executable, 127 not found (Docker's codes).
    /// </summary>
    public required int ExitCode { get; init; }

    /// <summary>The signal that ended it, or null.</summary>
    public int? Signal { get; init; }

    /// <summary>True when the guest's kernel killed it because memory ran out.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Why it could not be started at all, in words; null when it ran.</summary>
    public string? StartFailure { get; init; }
}
