namespace Wisp.Platform.Records;

/// <summary>How long the last start took.</summary>
/// <param name="Vmm">Until the VMM could be spoken to.</param>
/// <param name="Boot">From kernel start to init, by the guest's clock.</param>
/// <param name="Net">Until the first published port was open.</param>
/// <param name="Load">From there until the VMM had its guest.</param>
/// <param name="Ready">Until its virtual CPUs ran.</param>
internal sealed record StartTimings(TimeSpan? Vmm, TimeSpan? Boot, TimeSpan? Net, TimeSpan? Load = null, TimeSpan? Ready = null)
{
    public static StartTimings None { get; } = new(null, null, null);
}
