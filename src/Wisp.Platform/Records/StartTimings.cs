namespace Wisp.Platform.Records;

/// <summary>How long the last start took.</summary>
/// <param name="Vmm">Until the VMM could be spoken to.</param>
/// <param name="Boot">From kernel start to init, by the guest's clock.</param>
/// <param name="Net">Until the first published port was open.</param>
/// <param name="Load">Until a frozen machine ran, from where it was opened; null when it booted.</param>
/// <param name="Ready">Until it counted as running.</param>
internal sealed record StartTimings(TimeSpan? Vmm, TimeSpan? Boot, TimeSpan? Net, TimeSpan? Load = null, TimeSpan? Ready = null)
{
    public static StartTimings None { get; } = new(null, null, null);
}
