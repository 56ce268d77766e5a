namespace Wisp.Gateway.Routing;

/// <summary>Where the snapshot of the moment is. Read by every request; written by one at a time.</summary>
internal sealed class RoutingTable
{
    private RoutingSnapshot _now = RoutingSnapshot.Empty;

    /// <summary>The routes of this moment.</summary>
    public RoutingSnapshot Now
    {
        get => Volatile.Read(ref _now);
        set => Volatile.Write(ref _now, value);
    }
}
