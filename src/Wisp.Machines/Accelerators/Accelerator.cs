namespace Wisp.Machines.Accelerators;

/// <summary>How guests are executed, and why so.</summary>
/// <param name="Name"><c>kvm</c> or <c>tcg</c>.</param>
/// <param name="Reason">In plain words, with the measurement.</param>
public sealed record Accelerator(string Name, string Reason);
