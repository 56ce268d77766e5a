namespace Wisp.Platform.Instances;

/// <summary>How an instance is deleted.</summary>
/// <param name="Retain">False when nothing of it is kept, whatever the node keeps of others.</param>
/// <param name="Wait">How long to wait until it is gone; null is without end. It is deleted all the same.</param>
public sealed record DeleteOptions(bool Retain, TimeSpan? Wait)
{
    /// <summary>As nobody said anything.</summary>
    public static DeleteOptions Usual { get; } = new(Retain: true, Wait: null);
}
