namespace Wisp.Platform.Instances.Boots;

/// <summary>A first boot that others wait for. Whoever leads it completes it, one way or the other; the first word stands.</summary>
/// <param name="key">What is booted.</param>
/// <param name="landed">Hears that it is over.</param>
internal sealed class BootFlight(string key, Action<BootFlight> landed)
{
    private readonly TaskCompletionSource<Guid?> _snapshot = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is booted.</summary>
    public string Key => key;

    /// <summary>The snapshot, or null when there will be none.</summary>
    public Task<Guid?> Snapshot => _snapshot.Task;

    /// <summary>The snapshot can be restored.</summary>
    public void Complete(Guid snapshot) => End(snapshot);

    /// <summary>There will be none; those who wait boot.</summary>
    public void Abandon() => End(null);

    private void End(Guid? snapshot)
    {
        // First: whoever comes from here on finds the snapshot, or leads.
        landed(this);
        _snapshot.TrySetResult(snapshot);
    }
}
