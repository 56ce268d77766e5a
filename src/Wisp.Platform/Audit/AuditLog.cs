using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Wisp.Platform.Instances;
using Wisp.Platform.Records;
using Wisp.State;

namespace Wisp.Platform.Audit;

/// <summary>
/// Notes what happens in every account. Noting takes no turn and asks no store: it is done on the wake path, too. What was noted is
/// written down a moment later, all of that moment in one commit.
/// </summary>
internal sealed class AuditLog(RecordStore records, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, AuditRing> _rings = new();
    private readonly List<AuditEvent> _orphans = [];
    private readonly StateSignal _noted = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;
    private volatile bool _open;
    private int _unwritten;

    // In the store from the start of a wispd to its end; one that is found there tells of an end that nobody foresaw.
    private static AuditEvent Mark { get; } = new() { Account = Guid.Empty, Id = 0, Kind = AuditKind.Gap, Time = DateTimeOffset.UnixEpoch };

    /// <summary>What happened in an account.</summary>
    public AuditRing Of(Guid account) => _rings.GetOrAdd(account, static _ => new AuditRing());

    /// <summary>Loads what is kept.</summary>
    /// <param name="isKnown">Whether there still is an account.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task LoadAsync(Func<Guid, bool> isKnown, CancellationToken cancellation)
    {
        var wasCut = false;
        foreach (var happened in await records.LoadAuditAsync(cancellation))
        {
            wasCut |= happened.Account == Mark.Account;
            if (isKnown(happened.Account))
            {
                Of(happened.Account).Load(happened);
            }
            else if (happened.Account != Mark.Account)
            {
                _orphans.Add(happened);
            }
        }

        foreach (var (account, ring) in _rings.Where(pair => wasCut && !pair.Value.IsEmpty))
        {
            ring.Add(new AuditEvent
            {
                Account = account, Id = 0, Kind = AuditKind.Gap, Time = time.GetUtcNow(), Message = "wispd ended unforeseen; what happened just before may be missing here.",
            });
        }
    }

    /// <summary>Begins to note. After the adoption: what is found as it was has not changed.</summary>
    public async Task StartAsync()
    {
        await records.CommitAsync([RecordStore.Put(Mark), .. _orphans.Select(RecordStore.Delete)]);
        _open = true;
        _writing = WriteAsync();
    }

    /// <summary>Notes a change of state.</summary>
    public void Moved(InstanceRecord instance, InstanceState previous, InstanceState state) => Note(Of(instance, AuditKind.StateChange) with { PreviousState = previous, State = state });

    /// <summary>Notes a start that came to nothing.</summary>
    public void StartFailed(InstanceRecord instance, InstanceState state, WispError error) => Note(Of(instance, AuditKind.StartFailed) with { State = state, Message = error.Message });

    /// <summary>What deletes the events of an account. What is being written just now the next wispd sweeps away.</summary>
    public IEnumerable<StateChange> DeletionOf(Guid account) => Of(account).After(0).Events.Select(RecordStore.Delete);

    /// <summary>Forgets an account.</summary>
    public void Forget(Guid account) => _rings.TryRemove(account, out _);

    /// <summary>Writes down what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _open = false;
        await _stopping.CancelAsync();
        await _writing;
        await FlushAsync(RecordStore.Delete(Mark));
        _stopping.Dispose();
    }

    private AuditEvent Of(InstanceRecord instance, AuditKind kind) => new()
    {
        Account = instance.Account, Id = 0, Kind = kind, Time = time.GetUtcNow(), Uuid = instance.Uuid, Name = instance.Name, Tags = instance.Tags,
    };

    private void Note(AuditEvent happened)
    {
        if (_open)
        {
            Of(happened.Account).Add(happened);
            Wake();
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _unwritten, 1) == 0)
        {
            _noted.Raise();
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                var next = _noted.Next;
                if (Volatile.Read(ref _unwritten) == 0)
                {
                    await next.WaitAsync(_stopping.Token);
                }

                await Task.Delay(Moment, time, _stopping.Token);
                await FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever ends this writes the rest.
        }
    }

    private async Task FlushAsync(params StateChange[] more)
    {
        Interlocked.Exchange(ref _unwritten, 0);
        var all = _rings.Values.Select(ring => (ring, changes: ring.Changes())).Where(entry => entry.changes.Put.Count + entry.changes.Delete.Count > 0).ToArray();
        StateChange[] changes = [.. all.SelectMany(entry => entry.changes.Put.Select(RecordStore.Put).Concat(entry.changes.Delete.Select(RecordStore.Delete))), .. more];
        if (changes.Length == 0)
        {
            return;
        }

        if ((await records.CommitAsync(changes)).Failed(out var error))
        {
            // It stays noted, and goes with what comes next.
            logger.AuditNotWritten(error);
            return;
        }

        foreach (var (ring, (put, delete)) in all)
        {
            ring.Done(put, delete);
        }
    }
}
