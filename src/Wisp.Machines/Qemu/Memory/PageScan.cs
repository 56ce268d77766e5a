namespace Wisp.Machines.Qemu.Memory;

/// <summary>Which pages are looked for.</summary>
internal enum PageScan
{
    /// <summary>All that the machine has of its own.</summary>
    All,
    /// <summary>The same, and each is write-protected so that a later write shows. RAM must be tracked (wisp-preload's <c>track</c>).</summary>
    AllAndWatch,
    /// <summary>Those written since <see cref="AllAndWatch"/>.</summary>
    Rewritten,
}
