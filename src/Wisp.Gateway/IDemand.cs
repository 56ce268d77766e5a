namespace Wisp.Gateway;

/// <summary>Who makes more backends when there are too few. Asked on the data path: it must neither wait nor take a lock.</summary>
public interface IDemand
{
    /// <summary>A request found none that has less than it should have.</summary>
    void NoneFree();

    /// <summary>True when there can soon be no more; answers say so.</summary>
    bool IsNearLimit { get; }
}
