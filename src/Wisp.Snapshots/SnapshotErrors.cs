namespace Wisp.Snapshots;

/// <summary>What can be wrong with snapshots, in words.</summary>
internal static class SnapshotErrors
{
    public static WispError NotFound(Guid uuid) => new(ErrorCode.NotFound, $"There is no snapshot {uuid} on this node.", "It may have been deleted when nothing needed it any more: start the instance or its image anew.");

    public static WispError LayerGone(Guid layer, string what) =>
        new(ErrorCode.NotFound, $"Snapshot {layer}, whose memory {what} lies on, does not exist any more.", "Freeze the instance as a whole, or start it anew.", "snapshot-damaged");

    /// <param name="snapshot">Whose file it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it, as a predicate.</param>
    /// <param name="opened">What was to be opened.</param>
    public static WispError Damaged(Guid snapshot, string path, string problem, Guid opened) => new(
        ErrorCode.CannotBeUsed,
        $"The file {Path.GetFileName(path)} of snapshot {snapshot} {problem}.{(snapshot == opened ? "" : $" Snapshot {opened} lies on it.")}",
        $"Put {path} back from a backup, or delete the snapshot and make it anew.",
        "snapshot-damaged");

    /// <summary>What is wrong with a layer, with the snapshot that cannot be opened for it.</summary>
    public static WispError Below(WispError problem, string layer, Guid opened) =>
        layer == opened.ToString() ? problem : problem with { Message = $"{problem.Message} Snapshot {opened} lies on it." };

    public static WispError Unreadable(string directory, string problem) =>
        new(ErrorCode.CannotBeUsed, $"{directory} {problem}.", "Put it back from a backup, or delete it.", "snapshot-damaged");

    public static WispError MissingLayer(Guid snapshot, Guid layer) => new(
        ErrorCode.CannotBeUsed,
        $"The file {SnapshotFiles.Memory} of snapshot {layer} is missing, with all of that snapshot. Snapshot {snapshot} lies on it.",
        $"Put the directory {layer} back from a backup and restart wispd, or delete snapshot {snapshot} and make it anew.",
        "snapshot-damaged");

    public static WispError Newer(string manifest, int format) => new(
        ErrorCode.CannotBeUsed,
        $"{manifest} has format {format}, and this Wisp reads up to {SnapshotManifest.CurrentFormat}.",
        "Use the Wisp that wrote it, or a newer one.",
        "snapshot-incompatible");

    public static WispError Incompatible(Guid uuid, string difference) => new(
        ErrorCode.CannotBeUsed,
        $"Snapshot {uuid} was made for another machine: its {difference}.",
        "Restore it where that is the same, or make it anew here.",
        "snapshot-incompatible");

    public static WispError Needed(Guid uuid, IEnumerable<Guid> by) => new(
        ErrorCode.Attached, $"Snapshot {uuid} cannot be deleted: the memory of {string.Join(", ", by)} lies on it.", "Delete those first.");

    public static WispError CannotWrite(string path, Exception exception) => new(
        ErrorCode.OperationFailed, $"Cannot write {path}: {exception.Message}", $"See that the disk has room: df -h {Path.GetDirectoryName(path)}", "disk-full");
}
