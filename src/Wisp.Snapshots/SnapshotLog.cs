using Microsoft.Extensions.Logging;

namespace Wisp.Snapshots;

/// <summary>Log messages about snapshots; event ids 6000–6099.</summary>
internal static partial class SnapshotLog
{
    [LoggerMessage(6000, LogLevel.Warning, "In the snapshot store: {Problem}")]
    public static partial void Unusable(this ILogger logger, WispError problem);

    [LoggerMessage(6001, LogLevel.Information, "Deleted what was left of an unfinished snapshot: {Path}")]
    public static partial void Swept(this ILogger logger, string path);

    [LoggerMessage(6002, LogLevel.Warning, "{Path} cannot be deleted: {Reason}. The next start tries again")]
    public static partial void NotDeleted(this ILogger logger, string path, string reason);

    [LoggerMessage(6003, LogLevel.Information, "Snapshot {Uuid} is deleted: {Bytes} bytes")]
    public static partial void Deleted(this ILogger logger, Guid uuid, long bytes);

    [LoggerMessage(6004, LogLevel.Information, "Snapshot {Uuid} ({Kind}) is written: {Bytes} bytes over {Layers} layers")]
    public static partial void Written(this ILogger logger, Guid uuid, SnapshotKind kind, long bytes, int layers);

    [LoggerMessage(6005, LogLevel.Debug, "That snapshot {Uuid} was used cannot be noted: {Reason}")]
    public static partial void NotTouched(this ILogger logger, Guid uuid, string reason);
}
