using Microsoft.Extensions.Logging;
using Wisp.Snapshots;

namespace Wisp.Platform.Instances.Boots;

/// <summary>The boot snapshots of this node: found, made once however many ask at once, and kept within a budget.</summary>
internal sealed class BootSnapshots(ISnapshotStore snapshots, SnapshotRoots roots, PlatformOptions options, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BootFlight> _flights = new(StringComparer.Ordinal);

    /// <summary>Finds the snapshot, or who makes it.</summary>
    public BootPlace Enter(string key)
    {
        lock (_gate)
        {
            // In this order: a flight ends after its snapshot can be found.
            return _flights.TryGetValue(key, out var flight) ? new BootPlace(null, null, flight)
                : snapshots.FindByKey(key)?.Uuid is { } found ? new BootPlace(found, null, null)
                : new BootPlace(null, Lead(key), null);
        }
    }

    /// <summary>Leads, unless another does already: then null.</summary>
    public BootFlight? TryLead(string key)
    {
        lock (_gate)
        {
            return _flights.ContainsKey(key) ? null : Lead(key);
        }
    }

    /// <summary>Waits for another's snapshot; null when there is none in time.</summary>
    public async Task<Guid?> WaitAsync(BootFlight flight, CancellationToken cancellation)
    {
        try
        {
            return await flight.Snapshot.WaitAsync(options.BootSnapshotWait, time, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Deletes one that cannot be used, so that it is made anew.</summary>
    public async Task DropAsync(Guid snapshot)
    {
        if ((await snapshots.DeleteAsync(snapshot)).Failed(out var error, out _) && error.Code != ErrorCode.NotFound)
        {
            logger.NotDeleted(snapshot, error);
        }
    }

    /// <summary>Brings them back within their budget.</summary>
    public async Task TrimAsync(CancellationToken cancellation)
    {
        if ((await snapshots.TrimBootsAsync(options.BootSnapshotBudgetBytes, roots.All, cancellation)).Failed(out var error, out _))
        {
            logger.NotCollected(error);
        }
    }

    private BootFlight Lead(string key) => _flights[key] = new BootFlight(key, Land);

    private void Land(BootFlight flight)
    {
        lock (_gate)
        {
            if (_flights.GetValueOrDefault(flight.Key) == flight)
            {
                _flights.Remove(flight.Key);
            }
        }
    }
}
