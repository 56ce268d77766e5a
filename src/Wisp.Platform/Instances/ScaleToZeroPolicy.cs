namespace Wisp.Platform.Instances;

/// <summary>When an instance goes to sleep by itself.</summary>
public enum ScaleToZeroPolicy
{
    /// <summary>Never.</summary>
    Off,
    /// <summary>When no request is in flight and no connection open for the cooldown.</summary>
    On,
    /// <summary>Also while connections are open but silent.</summary>
    Idle,
}
