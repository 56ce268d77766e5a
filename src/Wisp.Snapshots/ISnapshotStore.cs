namespace Wisp.Snapshots;

/// <summary>Frozen machines on this node's disk. Everything may be called at any time from any thread; reading takes no lock.</summary>
public interface ISnapshotStore
{
    /// <summary>How this store's filesystem copies pages: sharing them, or taking room for them.</summary>
    CopyMethod CopiesBy { get; }

    /// <summary>Begins a snapshot.</summary>
    /// <param name="kind">What it is for.</param>
    /// <param name="layers">What its memory will lie on, if that is known yet: it is kept until the draft is disposed.</param>
    /// <returns>The draft; or an error when a layer does not exist (<see cref="ErrorCode.NotFound"/>) or nothing can be written.</returns>
    Result<SnapshotDraft> Begin(SnapshotKind kind, IReadOnlyList<Guid>? layers = null);

    /// <summary>Everything there is, newest first, with what is damaged or foreign.</summary>
    IReadOnlyList<SnapshotEntry> List();

    /// <summary>A snapshot, or null.</summary>
    SnapshotEntry? Find(Guid uuid);

    /// <summary>The newest one with a key that shows no problem, or null.</summary>
    SnapshotEntry? FindByKey(string key);

    /// <summary>
    /// Opens a snapshot to restore it, and counts that as a use. It is verified down to its lowest layer: a file's digest when this
    /// process has not seen the file as it is now, else by a stat call.
    /// </summary>
    /// <param name="uuid">The snapshot.</param>
    /// <param name="wanted">What the machine will have that it is restored into; null to look only.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// The snapshot, or why not: <see cref="ErrorCode.NotFound"/>, or <see cref="ErrorCode.CannotBeUsed"/> when it is damaged (help
    /// page <c>snapshot-damaged</c>) or made for something else (<c>snapshot-incompatible</c>).
    /// </returns>
    Task<Result<Snapshot>> OpenAsync(Guid uuid, Compatibility? wanted, CancellationToken cancellation);

    /// <summary>Notes that a snapshot was used, for <see cref="TrimBootsAsync"/>.</summary>
    void Touch(Guid uuid);

    /// <summary>For each snapshot, those whose memory lies on it.</summary>
    IReadOnlyDictionary<Guid, IReadOnlyList<Guid>> References();

    /// <summary>Deletes a snapshot, damaged or not.</summary>
    /// <returns>Success; or <see cref="ErrorCode.NotFound"/>, <see cref="ErrorCode.Attached"/> when another lies on it.</returns>
    Task<Result<SnapshotRemoval>> DeleteAsync(Guid uuid);

    /// <summary>
    /// Deletes what nothing needs: all but the roots, boot snapshots, drafts that are not disposed yet, and what these lie on. What is
    /// damaged or foreign stays; <see cref="DeleteAsync"/> takes it.
    /// </summary>
    /// <param name="roots">
    /// Tells what is needed. It is asked after the store has noted what there is: whoever makes a snapshot first writes down that it is
    /// needed and then disposes the draft, and it cannot be missed.
    /// </param>
    /// <param name="cancellation">Stops after the one that is being deleted.</param>
    Task<Result<SnapshotRemoval>> CollectAsync(Func<IReadOnlySet<Guid>> roots, CancellationToken cancellation);

    /// <summary>Deletes boot snapshots, the longest unused first, until all that are left fit a budget or are needed.</summary>
    /// <param name="budgetBytes">What all boot snapshots together may take.</param>
    /// <param name="pinned">Tells which to keep; asked like the roots of <see cref="CollectAsync"/>. What lies on a boot snapshot keeps it, too.</param>
    /// <param name="cancellation">Stops after the one that is being deleted.</param>
    Task<Result<SnapshotRemoval>> TrimBootsAsync(long budgetBytes, Func<IReadOnlySet<Guid>> pinned, CancellationToken cancellation);
}
