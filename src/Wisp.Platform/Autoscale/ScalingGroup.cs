using Wisp.Gateway;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Autoscale;

/// <summary>What is known of a group that scales, and is not written down.</summary>
/// <param name="look">Raised when there is something to decide before the next round.</param>
internal sealed class ScalingGroup(StateSignal look) : IDemand
{
    private volatile bool _listens;
    private volatile bool _isNearLimit;
    private volatile bool _isBusy;
    private int _noneFree;

    /// <summary>What its instances used of late.</summary>
    public Sampler Sampler { get; } = new();

    /// <summary>Instances whose requests a create policy has answered.</summary>
    public HashSet<Guid> Answered { get; } = [];

    /// <summary>Instances that were made for it and ended at once.</summary>
    public Crashes Crashes { get; set; }

    /// <summary>Those of them that are still to be cleared away, and were counted.</summary>
    public HashSet<Guid> Counted { get; } = [];

    /// <summary>True while a decision is carried out.</summary>
    public bool IsBusy
    {
        get => _isBusy;
        set => _isBusy = value;
    }

    /// <summary>After a failure: nothing is tried before that.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <inheritdoc/>
    public bool IsNearLimit
    {
        get => _isNearLimit;
        set => _isNearLimit = value;
    }

    /// <inheritdoc/>
    public void NoneFree()
    {
        // Nobody is woken who would do nothing, or twice.
        if (_listens && Volatile.Read(ref _noneFree) == 0 && Interlocked.Exchange(ref _noneFree, 1) == 0)
        {
            look.Raise();
        }
    }

    /// <summary>Says whether a request that finds none free is of interest.</summary>
    public void Listen(bool listens) => _listens = listens;

    /// <summary>True when a request found none free since this was last asked.</summary>
    public bool TakeDemand() => Interlocked.Exchange(ref _noneFree, 0) != 0;
}
