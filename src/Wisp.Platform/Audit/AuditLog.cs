using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using Microsoft.Extensions.Logging;
using Wisp.Platform.Accounts;
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
    private const int Named = 16;

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

    /// <summary>Notes that there is an instance.</summary>
    public void Created(InstanceRecord instance) => Note(Of(instance, AuditKind.Created) with { State = InstanceState.Stopped });

    /// <summary>Notes that there is a checkpoint.</summary>
    public void Created(FrozenRecord checkpoint) => Note(new AuditEvent
    {
        Account = checkpoint.Account, Id = 0, Kind = AuditKind.Created, Time = time.GetUtcNow(), Uuid = checkpoint.Uuid, Name = checkpoint.Name, Tags = checkpoint.Tags,
        State = InstanceState.Checkpoint,
    });

    /// <summary>Notes that annotations are others: their keys, for what they say may be long.</summary>
    public void Annotated(InstanceRecord instance, IReadOnlyDictionary<string, string>? before)
    {
        var (old, now) = (before ?? ReadOnlyDictionary<string, string>.Empty, instance.Annotations ?? ReadOnlyDictionary<string, string>.Empty);
        string[] set = [.. now.Where(pair => !old.TryGetValue(pair.Key, out var value) || value != pair.Value).Select(pair => pair.Key)];
        string[] gone = [.. old.Keys.Where(key => !now.ContainsKey(key))];
        if (set.Length + gone.Length > 0)
        {
            Note(Of(instance, AuditKind.Annotated) with { Message = string.Join(' ', ((string[])[Say("Set", set), Say("Removed", gone)]).Where(part => part.Length > 0)) });
        }
    }

    /// <summary>Notes what an administrator, or whoever holds a token, did to a user or a token: for that user, and for the administrators of the node.</summary>
    /// <param name="kind">What.</param>
    /// <param name="user">The user, or whose the token is.</param>
    /// <param name="by">Who did it.</param>
    /// <param name="message">What is another.</param>
    /// <param name="token">Id of the token.</param>
    public void Managed(AuditKind kind, Account user, Caller by, string? message = null, string? token = null)
    {
        var happened = new AuditEvent
        {
            Account = Account.Own, Id = 0, Kind = kind, Time = time.GetUtcNow(), Uuid = user.Uuid, Name = user.Name, Message = message, Token = token, By = by.Token,
            IsOfAnother = user.Uuid != Account.Own,
        };
        Note(happened);
        // One that is gone hears nothing any more.
        if (happened.IsOfAnother && kind != AuditKind.UserDeleted)
        {
            Note(happened with { Account = user.Uuid, IsOfAnother = false });
        }
    }

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

    private static string Say(string what, string[] keys) =>
        keys.Length == 0 ? "" : $"{what}: {string.Join(", ", keys.Take(Named))}{(keys.Length > Named ? $" and {keys.Length - Named} more" : "")}.";

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
