namespace Wisp.Platform.Instances.Sleep;

/// <summary>
/// Says that an instance was woken from a snapshot, as an empty file in its directory: from then on the snapshot is the past, and must
/// not be woken again when the machine dies with wispd. It takes no time on the wake path: it is not synced, and the store is not asked.
/// It names its snapshot, so that one which is left behind says nothing about the next.
/// </summary>
/// <param name="directory">The instance's directory.</param>
internal sealed class WakeMark(string directory)
{
    private const string Prefix = "woken-";

    /// <summary>Whether the instance was woken from a snapshot.</summary>
    public bool IsOn(Guid snapshot) => File.Exists(PathOf(snapshot));

    /// <summary>Leaves the mark: just before the machine runs.</summary>
    /// <exception cref="IOException">It cannot be written; the machine must not run.</exception>
    public void Put(Guid snapshot) => File.OpenHandle(PathOf(snapshot), FileMode.OpenOrCreate, FileAccess.Write).Dispose();

    /// <summary>Leaves the mark, or says why it cannot.</summary>
    public Result TryPut(Guid snapshot)
    {
        try
        {
            Put(snapshot);
            return Result.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(
                ErrorCode.OperationFailed, $"Cannot write {PathOf(snapshot)}: {exception.Message}", $"See that the disk has room: df -h {directory}", "disk-full");
        }
    }

    /// <summary>Takes the mark away, once nothing durable says that the instance sleeps in the snapshot.</summary>
    public void Remove(Guid snapshot)
    {
        // The directory goes when the instance is deleted.
        if (IsOn(snapshot))
        {
            File.Delete(PathOf(snapshot));
        }
    }

    /// <summary>Takes away all marks but the one of a snapshot that is still there.</summary>
    public void Clear(Guid? except)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var mark in Directory.GetFiles(directory, Prefix + "*").Where(mark => except is not { } kept || mark != PathOf(kept)))
        {
            File.Delete(mark);
        }
    }

    private string PathOf(Guid snapshot) => Path.Combine(directory, Prefix + snapshot);
}
