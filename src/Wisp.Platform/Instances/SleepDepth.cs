namespace Wisp.Platform.Instances;

/// <summary>How deep an instance sleeps. All of them are standby to who uses it; they differ in what a wake takes.</summary>
public enum SleepDepth
{
    /// <summary>Its machine stands still, with its memory in RAM.</summary>
    Paused,
    /// <summary>Its machine stands still, with its memory in a file.</summary>
    Reclaimed,
    /// <summary>Its state is a snapshot; there is no machine.</summary>
    Hibernated,
    /// <summary>Nothing of it is kept: it is stateless, and a wake starts it afresh.</summary>
    Discarded,
}
