namespace Wisp.Gateway;

/// <summary>Who makes more backends when there are too few. Called on the data path: it must neither wait nor take a lock.</summary>
public interface IDemand
{
    /// <summary>A request found none that has less than it should have.</summary>
    void NoneFree();
}
