namespace Wisp.Platform.Instances;

/// <summary>How to stop.</summary>
/// <param name="Force">Kill the machine without asking the application; not together with a drain time.</param>
/// <param name="Drain">How long open requests and connections may go on; null is the platform's maximum, zero not at all.</param>
/// <param name="IfState">Only when it is in this state.</param>
public sealed record StopOptions(bool Force, TimeSpan? Drain, InstanceState? IfState);
