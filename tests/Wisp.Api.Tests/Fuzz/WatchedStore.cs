using System.Text;
using System.Text.Json.Nodes;
using Wisp.State;

namespace Wisp.Api.Tests.Fuzz;

/// <summary>The real store in memory-backed files, which knows whether anything was written and what was asked for is.</summary>
internal sealed class WatchedStore : IStateStore
{
    // What is wanted of an instance stands beside what became of its machine, which goes on by itself.
    private static readonly string[] OfTheMachine =
    [
        "has_machine", "watched", "compatibility", "hibernated", "discarded", "suspended", "stop_asked", "start_count", "restart_count", "started_at", "stopped_at", "stop", "timings", "life",
    ];

    // What autoscale does comes by itself: when, the last use of what it clones, and that who scales by itself is not counted as empty.
    private static readonly string[] OfAutoscale = ["scale_history", "counts_from", "empty_since"];

    // What an instance is made with; while it has a machine, changes of it wait for the end of that.
    private static readonly string[] Definition = ["image_name", "image_digest", "memory_mb", "vcpus", "args", "env", "hostname", "scale_to_zero"];

    private readonly string _directory;
    private readonly SqliteStateStore _store;
    private int _commits;

    private WatchedStore(string directory, SqliteStateStore store) => (_directory, _store) = (directory, store);

    /// <summary>How often something was written.</summary>
    public int Commits => Volatile.Read(ref _commits);

    public static async Task<WatchedStore> OpenAsync(CancellationToken cancellation)
    {
        // Every commit is synced, which is what a disk would be waited for.
        var directory = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "wisp-fuzz-" + Guid.NewGuid())).FullName;
        return new WatchedStore(directory, (await SqliteStateStore.OpenAsync(Path.Combine(directory, "state.db"), cancellation)).Value);
    }

    /// <summary>What is wanted, document by document.</summary>
    public async Task<IReadOnlyDictionary<string, string>> WantedAsync()
    {
        var entries = await _store.ListAsync("", CancellationToken.None);
        return entries.Select(entry => (entry.Key, Document: JsonNode.Parse(Encoding.UTF8.GetString(entry.Value.Span))!.AsObject()))
            // Those go by themselves a while after they were told to stop.
            .Where(entry => entry.Document["delete_on_stop"]?.GetValue<bool>() != true && entry.Document["is_autoscaled"]?.GetValue<bool>() != true)
            .ToDictionary(entry => entry.Key, entry => Settle(entry.Document).ToJsonString(), StringComparer.Ordinal);
    }

    private static JsonObject Settle(JsonObject document)
    {
        foreach (var member in (string[])[.. OfTheMachine, .. OfAutoscale])
        {
            document.Remove(member);
        }

        if (document["next"] is JsonObject next)
        {
            foreach (var member in Definition)
            {
                document.Remove(member);
                if (next[member] is { } value)
                {
                    document[member] = value.DeepClone();
                }
            }
        }

        document.Remove("next");
        document.Remove("updates");
        // In the order of their names: what was settled stands behind what was not.
        return new JsonObject(document.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
    }

    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellation) => _store.GetAsync(key, cancellation);

    public ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellation) => _store.ListAsync(prefix, cancellation);

    public async ValueTask<Result<long>> CommitAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation)
    {
        try
        {
            return await _store.CommitAsync(changes, cancellation);
        }
        finally
        {
            // Not before: who sees it counted must see what it wrote.
            Interlocked.Increment(ref _commits);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
