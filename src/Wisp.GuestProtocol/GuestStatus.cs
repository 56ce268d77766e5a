namespace Wisp.GuestProtocol;

/// <summary>What a guest says of itself, so that a host that lost its memory (a restarted wispd) knows all it must.</summary>
public sealed record GuestStatus
{
    /// <summary>How far it has come.</summary>
    public required GuestPhase Phase { get; init; }

    /// <summary>Watched ports that were seen open.</summary>
    public IReadOnlyList<int> OpenPorts { get; init => field = value ?? []; } = [];

    /// <summary>Watched ports on which something listens, but on the loopback address only: nobody outside can reach them.</summary>
    public IReadOnlyList<int> LoopbackOnlyPorts { get; init => field = value ?? []; } = [];

    /// <summary>How the entrypoint ended, once it did.</summary>
    public GuestExit? Exit { get; init; }

    /// <summary>Time from kernel start to the agent's first frame, in microseconds of guest time (CLOCK_BOOTTIME).</summary>
    public long BootMicroseconds { get; init; }
}
