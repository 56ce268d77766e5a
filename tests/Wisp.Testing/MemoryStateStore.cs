using Wisp.State;

namespace Wisp.Testing;

/// <summary>The state store's port over a dictionary; it can be told to refuse, as a full disk does.</summary>
public sealed class MemoryStateStore : IStateStore
{
    private readonly SortedDictionary<string, StateEntry> _entries = new(StringComparer.Ordinal);
    private long _revision;
    private int _held;

    public WispError? Refuse { get; set; }

    /// <summary>When set, commits wait for it.</summary>
    public TaskCompletionSource? HoldCommits { get; set; }

    public int Commits { get; private set; }

    /// <summary>How many commits were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>How many commits of the audit stream were refused.</summary>
    public int AuditRefused { get; private set; }

    /// <summary>How many commits wait.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The keys of all documents.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries.Keys];
            }
        }
    }

    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellation)
    {
        lock (_entries)
        {
            return new(_entries.GetValueOrDefault(key));
        }
    }

    public ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellation)
    {
        lock (_entries)
        {
            return new([.. _entries.Values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))]);
        }
    }

    public async ValueTask<Result<long>> CommitAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // What the audit stream keeps is written whenever there is time: it is neither held nor counted, so that tests see the rest alone.
        var isAudit = changes.All(change => change.Key.StartsWith("audit/", StringComparison.Ordinal));
        if (HoldCommits is { } hold && !isAudit)
        {
            Interlocked.Increment(ref _held);
            await hold.Task.WaitAsync(cancellation);
            Interlocked.Decrement(ref _held);
        }

        lock (_entries)
        {
            if (Refuse is { } refused)
            {
                Refused += isAudit ? 0 : 1;
                AuditRefused += isAudit ? 1 : 0;
                return refused;
            }

            if (changes.FirstOrDefault(Conflicts) is { } stale)
            {
                return new WispError(ErrorCode.WrongState, $"'{stale.Key}' is not at revision {stale.ExpectedRevision}.");
            }

            Commits += isAudit ? 0 : 1;
            _revision++;
            foreach (var change in changes)
            {
                if (change.Value is { } value)
                {
                    _entries[change.Key] = new StateEntry(change.Key, value.ToArray(), _revision);
                }
                else
                {
                    _entries.Remove(change.Key);
                }
            }

            return _revision;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool Conflicts(StateChange change) =>
        change.ExpectedRevision is { } expected && (_entries.GetValueOrDefault(change.Key)?.Revision ?? 0) != expected;
}
