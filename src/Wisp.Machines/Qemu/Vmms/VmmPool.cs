using System.Threading.Channels;
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
    private readonly Queue<Vmm> _dead = new();
    private readonly CancellationTokenSource _closed = new();
    // One look is as good as many.
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ITimer _minute;
    private readonly Task _filling;
    private bool _ended;

    public VmmPool(VmmHost host, int most, TimeProvider time, ILogger logger)
    {
        (_host, _most, _time, _logger) = (host, most, time, logger);
        _minute = time.CreateTimer(_ => Look(), null, Quiet, Quiet);
        _filling = most > 0 ? FillAsync() : Task.CompletedTask;
    }

    /// <summary>Says that a shape is likely to be asked for.</summary>
    public void Expect(VmmShape shape)
    {
        lock (_gate)
        {
            ShelfOf(shape).LastAsked = _time.GetTimestamp();
        }

        Look();
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
                    _dead.Enqueue(vmm);
                }
            }

            if (taken is null)
            {
                shelf.Wish = Math.Min(_most, shelf.Wish * 2);
            }
        }

        Look();
        return taken;
    }

    /// <summary>Ends them all.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, true))
        {
            return;
        }

        await _minute.DisposeAsync();
        await _closed.CancelAsync();
        await _filling;
        List<Vmm> left;
        lock (_gate)
        {
            // Whoever asks from here on finds none.
            left = [.. _shelves.Values.SelectMany(shelf => shelf.Ready), .. _dead];
            _shelves.Clear();
            _dead.Clear();
        }

        foreach (var vmm in left)
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
                await _wanted.Reader.ReadAsync(_closed.Token);
                await Task.Delay(Courtesy, _time, _closed.Token);
                await FillOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task FillOnceAsync()
    {
        try
        {
            while (Next() is { } step && await CarryOutAsync(step))
            {
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The next time it is tried again.
            _logger.FillFailed(exception);
        }
    }

    private async Task<bool> CarryOutAsync((VmmShape Shape, Vmm? Superfluous) step)
    {
        if (step.Superfluous is { } old)
        {
            await _host.DiscardAsync(old);
            _logger.BlankEnded(old.Record.Id);
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

        _logger.BlankReady(vmm.Record.Id, step.Shape.MemoryMib, step.Shape.Vcpus);

        return true;
    }

    // What to do next: end one too many, or start one; null when all is as wished.
    private (VmmShape Shape, Vmm? Superfluous)? Next()
    {
        lock (_gate)
        {
            foreach (var shelf in _shelves.Values)
            {
                shelf.MoveDeadTo(_dead);
            }

            if (_dead.TryDequeue(out var dead))
            {
                return (default, dead);
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

    private void Look() => _wanted.Writer.TryWrite(true);

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

        /// <summary>Sorts out those that have ended while they waited.</summary>
        public void MoveDeadTo(Queue<Vmm> dead)
        {
            for (var left = Ready.Count; left > 0; left--)
            {
                var vmm = Ready.Dequeue();
                (vmm.Process.IsAlive ? Ready : dead).Enqueue(vmm);
            }
        }

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
