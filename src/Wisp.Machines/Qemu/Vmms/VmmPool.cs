using Microsoft.Extensions.Logging;

namespace Wisp.Machines.Qemu.Vmms;

/// <summary>
/// VMMs that have started and have no guest: they hide how long QEMU takes to come up. How many there are of a shape follows what is
/// asked for: a miss doubles the wish, a quiet minute takes one away, and a shape that is wanted at all keeps one. All together never
/// are more than a bound, and the shapes that were asked for last are served first.
/// </summary>
internal sealed class VmmPool : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    // Whoever took one is about to use the processor for what matters more.
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(150);

    private readonly VmmHost _host;
    private readonly int _most;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<VmmShape, Shelf> _shelves = [];
    private readonly Queue<(VmmShape Shape, Vmm? Superfluous)> _dead = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly Task _filling;

    public VmmPool(VmmHost host, int most, TimeProvider time, ILogger logger)
    {
        (_host, _most, _time, _logger) = (host, most, time, logger);
        _filling = most > 0 ? FillAsync() : Task.CompletedTask;
    }

    /// <summary>Says that a shape is likely to be asked for.</summary>
    public void Expect(VmmShape shape)
    {
        lock (_gate)
        {
            ShelfOf(shape).LastAsked = _time.GetTimestamp();
        }

        _wanted.Release();
    }

    /// <summary>A blank of this shape that runs, or null when there is none right now.</summary>
    public Vmm? Take(VmmShape shape)
    {
        Vmm? taken = null;
        lock (_gate)
        {
            var shelf = ShelfOf(shape);
            shelf.LastAsked = _time.GetTimestamp();
            while (taken is null && shelf.Ready.TryDequeue(out var vmm))
            {
                if (vmm.Process.IsAlive)
                {
                    taken = vmm;
                }
                else
                {
                    _dead.Enqueue((shape, vmm));
                }
            }

            if (taken is null)
            {
                shelf.Wish = Math.Min(_most, shelf.Wish * 2);
            }
        }

        _wanted.Release();
        return taken;
    }

    /// <summary>Ends them all.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _filling;
        foreach (var vmm in _shelves.Values.SelectMany(shelf => shelf.Ready).Concat(_dead.Select(dead => dead.Superfluous!)))
        {
            await _host.DiscardAsync(vmm);
        }

        _closed.Dispose();
    }

    private async Task FillAsync()
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                await _wanted.WaitAsync(Quiet, _closed.Token);
                await Task.Delay(Courtesy, _time, _closed.Token);
                while (Next() is { } step)
                {
                    if (!await CarryOutAsync(step))
                    {
                        break;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task<bool> CarryOutAsync((VmmShape Shape, Vmm? Superfluous) step)
    {
        if (step.Superfluous is { } old)
        {
            await _host.DiscardAsync(old);
            return true;
        }

        var started = await _host.StartAsync(step.Shape, null, _closed.Token);
        if (started.Failed(out var error, out var vmm))
        {
            // Whoever needs one starts it, and hears the reason. Here it is tried again when the next is asked for.
            _logger.NoBlank(step.Shape.MemoryMib, step.Shape.Vcpus, error);
            return false;
        }

        lock (_gate)
        {
            ShelfOf(step.Shape).Ready.Enqueue(vmm);
        }

        return true;
    }

    // What to do next: end one too many, or start one; null when all is as wished.
    private (VmmShape Shape, Vmm? Superfluous)? Next()
    {
        lock (_gate)
        {
            if (_dead.TryDequeue(out var dead))
            {
                return dead;
            }

            var room = _most;
            foreach (var (shape, shelf) in _shelves.OrderByDescending(pair => pair.Value.LastAsked))
            {
                shelf.Settle(_time, Quiet);
                var wish = Math.Min(room, shelf.Wish);
                room -= wish;
                if (shelf.Ready.Count > wish)
                {
                    return (shape, shelf.Ready.Dequeue());
                }

                if (shelf.Ready.Count < wish && _shelves.Values.Sum(other => other.Ready.Count) < _most)
                {
                    return (shape, null);
                }
            }

            return null;
        }
    }

    private Shelf ShelfOf(VmmShape shape)
    {
        if (!_shelves.TryGetValue(shape, out var shelf))
        {
            _shelves[shape] = shelf = new Shelf { LastAsked = _time.GetTimestamp(), SettledAt = _time.GetTimestamp() };
        }

        return shelf;
    }

    private sealed class Shelf
    {
        public Queue<Vmm> Ready { get; } = new();
        public int Wish { get; set; } = 1;
        public long LastAsked { get; set; }
        public long SettledAt { get; set; }

        public void Settle(TimeProvider time, TimeSpan quiet)
        {
            if (Wish > 1 && time.GetElapsedTime(Math.Max(LastAsked, SettledAt)) >= quiet)
            {
                Wish--;
                SettledAt = time.GetTimestamp();
            }
        }
    }
}
