namespace Wisp.State;

/// <summary>
/// The small port to durable state: documents under keys, changed in transactions that compare revisions first. SQLite on one
/// node, etcd where there are several; both pass the same contract tests. Never on the wake path.
/// </summary>
public interface IStateStore : IAsyncDisposable
{
    /// <summary>Reads one document; null when there is none.</summary>
    ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellation);

    /// <summary>Reads all documents whose key starts with a prefix, in ordinal order of their keys.</summary>
    ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>
    /// Applies all changes or none. When it returns success the changes are on disk: a crash of the process loses none of them.
    /// </summary>
    /// <returns>
    /// The new revision; <see cref="ErrorCode.WrongState"/> when a document is not at the revision that a change expects;
    /// <see cref="ErrorCode.OperationFailed"/> when the disk refuses, naming the path.
    /// </returns>
    ValueTask<Result<long>> CommitAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation);
}
