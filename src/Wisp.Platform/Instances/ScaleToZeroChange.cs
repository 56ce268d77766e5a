namespace Wisp.Platform.Instances;

/// <summary>Scale-to-zero settings of which only some are named; null leaves one as it is.</summary>
/// <param name="Enabled">True is some policy but off, false is off; a policy that is named counts instead.</param>
/// <param name="Policy">When to sleep.</param>
/// <param name="Stateful">Whether memory is kept.</param>
/// <param name="Cooldown">Idle time before sleep.</param>
/// <param name="Notify">How long before the suspension the guest is told.</param>
public sealed record ScaleToZeroChange(bool? Enabled, ScaleToZeroPolicy? Policy, bool? Stateful, TimeSpan? Cooldown, TimeSpan? Notify)
{
    /// <summary>True when nothing of what was before is left.</summary>
    public bool IsWhole => (Policy is not null || Enabled == false) && Stateful is not null && Cooldown is not null && Notify is not null;

    /// <summary>The settings after it.</summary>
    /// <param name="before">Those before it.</param>
    public ScaleToZero ApplyTo(ScaleToZero before) => new(
        Policy ?? (Enabled, before.Policy) switch
        {
            (false, _) => ScaleToZeroPolicy.Off,
            (true, ScaleToZeroPolicy.Off) => ScaleToZeroPolicy.On,
            (_, var policy) => policy,
        },
        Stateful ?? before.Stateful,
        Cooldown ?? before.Cooldown,
        Notify ?? before.Notify);
}
