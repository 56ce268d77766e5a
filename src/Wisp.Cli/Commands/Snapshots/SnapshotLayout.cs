using Wisp.Cli.Output;
using Wisp.Contracts.Snapshots;

namespace Wisp.Cli.Commands.Snapshots;

/// <summary>How the files of frozen machines look.</summary>
internal static class SnapshotLayout
{
    // A template may have thousands of clones, and a table has to fit.
    private const int SomeUsers = 2;

    /// <summary>One that was deleted.</summary>
    public static Layout<Snapshot> Deleted { get; } = new(
        item => item.Uuid,
        [new("deleted", item => item.Uuid), new("kind", item => item.Kind), new("freed", item => Bytes(item.OwnBytes))],
        [new("deleted", item => item.Uuid), new("kind", item => item.Kind), new("freed", item => Bytes(item.OwnBytes))]);

    /// <summary>One that is there.</summary>
    public static Layout<Snapshot> For(TimeProvider clock)
    {
        Column<Snapshot> uuid = new("snapshot", item => item.Uuid ?? item.Name);
        Column<Snapshot> kind = new("kind", item => item.Problem is null ? item.Kind : "unusable");
        Column<Snapshot> source = new("of", item => item.Source);
        Column<Snapshot> own = new("own", item => Bytes(item.OwnBytes));
        Column<Snapshot> shared = new("shared", item => item.SharedBytes is > 0 ? Bytes(item.SharedBytes) : null);
        Column<Snapshot> users = new("needed by", item => Users(item, SomeUsers), Long: true);
        Column<Snapshot> created = new("created", item => Words.Ago(item.CreatedAt, clock));
        return new Layout<Snapshot>(
            item => item.Uuid ?? item.Name,
            [uuid, kind, source, own, shared, users, created],
            [
                uuid, kind, source,
                new("memory", item => Bytes(item.MemoryBytes)), own, shared,
                new("lies on", item => item.Layers is { } layers ? string.Join(' ', layers) : null),
                new("needed by", item => Users(item, int.MaxValue)),
                new("copies by", item => item.CopiesBy is "reflink" ? "reflink: the filesystem shares equal pages" : "copy: this filesystem cannot share pages between files"),
                created,
                new("used", item => Words.Ago(item.LastUsedAt, clock)),
                new("problem", item => item.Problem),
            ]);
    }

    private static string? Bytes(long? bytes) => bytes is { } count ? Words.Bytes(count) : null;

    private static string? Users(Snapshot item, int most)
    {
        var users = item.Users ?? [];
        List<string> words = [.. users.Take(most)];
        if (users.Count > most)
        {
            words.Add(Words.Count(users.Count - most, "other"));
        }

        if (item.Above is { Count: var above })
        {
            words.Add(Words.Count(above, "snapshot") + " above");
        }

        return words.Count > 0 ? string.Join(", ", words) : item.Kind is "boot" ? "the next start" : "nobody";
    }
}
