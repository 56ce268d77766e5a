namespace Wisp.Platform.Instances;

/// <summary>Scale-to-zero settings.</summary>
/// <param name="Policy">When to sleep.</param>
/// <param name="Stateful">True keeps memory through standby; false ends the machine, and a wake starts it afresh.</param>
/// <param name="Cooldown">Idle time before sleep. Default 1 s, at most 24 h.</param>
/// <param name="Notify">How long before the suspension the guest is told; 0 is not at all; less than the cooldown.</param>
public sealed record ScaleToZero(
    ScaleToZeroPolicy Policy, bool Stateful, TimeSpan Cooldown, TimeSpan Notify)
{
    /// <summary>What an instance has when nothing is said: off.</summary>
    public static ScaleToZero Default { get; } = new(ScaleToZeroPolicy.Off, false, TimeSpan.FromSeconds(1), TimeSpan.Zero);
}
