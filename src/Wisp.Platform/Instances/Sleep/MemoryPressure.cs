using Microsoft.Extensions.Logging;
using Wisp.Platform.Instances.Supervision;

namespace Wisp.Platform.Instances.Sleep;

/// <summary>
/// Sends sleeping instances to disk when the host's memory gets short, the longest sleeping first. It looks only while an instance
/// sleeps in memory, and costs nothing else.
/// </summary>
internal sealed class MemoryPressure(PlatformOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    // In the order in which they fell asleep. With each one, when it may be tried again.
    private readonly List<(InstanceSupervisor Sleeper, DateTimeOffset NotBefore)> _asleep = [];
    private Task _watching = Task.CompletedTask;
    private bool _isWatching;

    /// <summary>An instance sleeps in memory.</summary>
    public void Add(InstanceSupervisor sleeper)
    {
        lock (_gate)
        {
            _asleep.Add((sleeper, DateTimeOffset.MinValue));
            if (!_isWatching && !_end.IsCancellationRequested)
            {
                _isWatching = true;
                _watching = WatchAsync();
            }
        }
    }

    /// <summary>It does so no longer.</summary>
    public void Remove(InstanceSupervisor sleeper)
    {
        lock (_gate)
        {
            _asleep.RemoveAll(entry => entry.Sleeper == sleeper);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, _end.Token);
                await RelieveAsync();
                lock (_gate)
                {
                    if (_asleep.Count == 0)
                    {
                        _isWatching = false;
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node lets go of its machines.
        }
        catch (Exception exception)
        {
            logger.PressureFailed(exception);
            lock (_gate)
            {
                _isWatching = false;
            }
        }
    }

    private async Task RelieveAsync()
    {
        while (options.AvailableMemory() is var available && available < options.LowMemoryBytes && Longest() is { } sleeper)
        {
            logger.LowMemory(available, options.LowMemoryBytes, sleeper.Record.Name);
            if (!await sleeper.HibernateAsync())
            {
                Defer(sleeper);
            }

            _end.Token.ThrowIfCancellationRequested();
        }
    }

    private InstanceSupervisor? Longest()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            return _asleep.FirstOrDefault(entry => entry.NotBefore <= now).Sleeper;
        }
    }

    // What could not be frozen (a full disk) is not tried again and again.
    private void Defer(InstanceSupervisor sleeper)
    {
        lock (_gate)
        {
            var index = _asleep.FindIndex(entry => entry.Sleeper == sleeper);
            if (index >= 0)
            {
                _asleep[index] = (sleeper, time.GetUtcNow() + options.HibernateAfter);
            }
        }
    }
}
