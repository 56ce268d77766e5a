using System.Globalization;
using Wisp.Cli.Output;
using Wisp.Contracts.Snapshots;

namespace Wisp.Cli.Commands.Snapshots;

/// <summary>How the files of frozen machines look.</summary>
internal static class SnapshotLayout
{
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
        Column<Snapshot> users = new("needed by", Users, Long: true);
        Column<Snapshot> created = new("created", item => Words.Ago(item.CreatedAt, clock));
        return new Layout<Snapshot>(
            item => item.Uuid ?? item.Name,
            [uuid, kind, source, own, shared, users, created],
            [
                uuid, kind, source,
                new("memory", item => Bytes(item.MemoryBytes)), own, shared,
                new("lies on", item => item.Layers is { } layers ? string.Join(' ', layers) : null),
                users,
                new("copies by", item => item.CopiesBy is "reflink" ? "reflink: the filesystem shares equal pages" : "copy: this filesystem cannot share pages between files"),
                created,
                new("used", item => Words.Ago(item.LastUsedAt, clock)),
                new("problem", item => item.Problem),
            ]);
    }

    private static string? Bytes(long? bytes) => bytes is { } count ? Words.Bytes(count) : null;

    private static string? Users(Snapshot item) => (item.Users, item.Above) switch
    {
        (null, null) => item.Kind is "boot" ? "the next start" : "nobody",
        var (users, above) => string.Join(", ", (users ?? []).Concat(above is { Count: var count } ? [string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "snapshot" : "snapshots")} above")] : [])),
    };
}
