using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Wisp.State;

/// <summary>
/// The state store on one node: SQLite with a write-ahead log and a sync at every commit, so that what was accepted is on disk.
/// </summary>
public sealed class SqliteStateStore : IStateStore
{
    private const int Full = 13, NotADatabase = 26, Corrupt = 11;
    private const int MostTogether = 256;
    private const string Savepoint = "one";

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentQueue<Pending> _pending = new();

    private SqliteStateStore(string path, SqliteConnection connection) => (_path, _connection) = (path, connection);

    /// <summary>Opens the database, creating it when it is missing.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The store; or why not: a newer schema, a damaged file, no room.</returns>
    public static async Task<Result<SqliteStateStore>> OpenAsync(string path, CancellationToken cancellation)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            CreateForOwner(path);
            await connection.OpenAsync(cancellation);
            // Opening reads the first page only; damage behind it must show now and not in the middle of an operation.
            if (await ScalarAsync(connection, "pragma quick_check(1)", cancellation) is not "ok")
            {
                await connection.DisposeAsync();
                return Damaged(path);
            }

            await ExecuteAsync(connection, "pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-2048;", cancellation);
            var version = Convert.ToInt64(await ScalarAsync(connection, "pragma user_version", cancellation));
            if (version > SqliteSchema.Version)
            {
                await connection.DisposeAsync();
                return new WispError(
                    ErrorCode.OperationFailed,
                    $"{path} was written by a newer Wisp (schema {version}, this one knows {SqliteSchema.Version}).",
                    "Install that version again, or restore a backup from before the upgrade.");
            }

            if (version < SqliteSchema.Version)
            {
                await ExecuteAsync(connection, SqliteSchema.MigrationFrom(version), cancellation);
            }

            return new SqliteStateStore(path, connection);
        }
        catch (SqliteException exception)
        {
            await connection.DisposeAsync();
            return Explain(path, exception);
        }
    }

    // What is in it is nobody else's affair; SQLite gives its journals the same mode. Where this fails SQLite will, too, and say why.
    private static void CreateForOwner(string path)
    {
        try
        {
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is there already, mostly.
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await using var command = _connection.CreateCommand();
            command.CommandText = "select key, value, revision from documents where key = $key";
            command.Parameters.AddWithValue("$key", key);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            return await reader.ReadAsync(cancellation) ? Entry(reader) : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await using var command = _connection.CreateCommand();
            command.CommandText = "select key, value, revision from documents where substr(key, 1, length($prefix)) = $prefix order by key";
            command.Parameters.AddWithValue("$prefix", prefix);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var entries = new List<StateEntry>();
            while (await reader.ReadAsync(cancellation))
            {
                entries.Add(Entry(reader));
            }

            return entries;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// What comes while another transaction is being synced waits for it, and then goes to the disk together: a sync costs the same for
    /// one as for all. Each still takes hold whole or not at all.
    /// </remarks>
    public async ValueTask<Result<long>> CommitAsync(IReadOnlyList<StateChange> changes, CancellationToken cancellation)
    {
        var own = new Pending(changes);
        _pending.Enqueue(own);
        try
        {
            await _turn.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            if (own.TryTake())
            {
                throw;
            }

            // Too late: somebody is writing it.
            await _turn.WaitAsync(CancellationToken.None);
        }

        try
        {
            // Those before it may fill more than one transaction.
            while (!own.Outcome.Task.IsCompleted)
            {
                await CommitPendingAsync();
            }
        }
        finally
        {
            _turn.Release();
        }

        return await own.Outcome.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _turn.Dispose();
    }

    private async Task CommitPendingAsync()
    {
        var together = new List<Pending>();
        while (together.Count < MostTogether && _pending.TryDequeue(out var next))
        {
            if (next.TryTake())
            {
                together.Add(next);
            }
        }

        try
        {
            await CommitAsync(together);
        }
        catch (SqliteException) when (together.Count > 1)
        {
            // One that cannot be carried out is no reason against the others.
            foreach (var alone in together)
            {
                await CommitAloneAsync(alone);
            }
        }
        catch (Exception exception)
        {
            together.ForEach(pending => Fail(pending, exception));
        }
    }

    private async Task CommitAloneAsync(Pending pending)
    {
        try
        {
            await CommitAsync([pending]);
        }
        catch (Exception exception)
        {
            Fail(pending, exception);
        }
    }

    // Each hears of it, whoever carried it out.
    private void Fail(Pending pending, Exception exception)
    {
        if (exception is SqliteException refusal)
        {
            pending.Outcome.TrySetResult(Explain(_path, refusal));
        }
        else
        {
            pending.Outcome.TrySetException(exception);
        }
    }

    // Nobody is told before all is on disk.
    private async Task CommitAsync(IReadOnlyList<Pending> together)
    {
        await using var transaction = _connection.BeginTransaction(deferred: false);
        var outcomes = new List<Result<long>>();
        foreach (var pending in together)
        {
            await transaction.SaveAsync(Savepoint, CancellationToken.None);
            var outcome = await ApplyAsync(pending.Changes);
            if (!outcome.IsSuccess)
            {
                await transaction.RollbackAsync(Savepoint, CancellationToken.None);
            }

            await transaction.ReleaseAsync(Savepoint, CancellationToken.None);
            outcomes.Add(outcome);
        }

        await transaction.CommitAsync(CancellationToken.None);
        foreach (var (pending, outcome) in together.Zip(outcomes))
        {
            pending.Outcome.TrySetResult(outcome);
        }
    }

    private async Task<Result<long>> ApplyAsync(IReadOnlyList<StateChange> changes)
    {
        var revision = Convert.ToInt64(await ScalarAsync(_connection, "update counter set revision = revision + 1 returning revision", CancellationToken.None));
        foreach (var change in changes)
        {
            if (await ConflictAsync(change) is { } conflict)
            {
                return conflict;
            }

            await ApplyAsync(change, revision);
        }

        return revision;
    }

    private async Task<WispError?> ConflictAsync(StateChange change)
    {
        if (change.ExpectedRevision is not { } expected)
        {
            return null;
        }

        await using var command = _connection.CreateCommand();
        command.CommandText = "select revision from documents where key = $key";
        command.Parameters.AddWithValue("$key", change.Key);
        var found = await command.ExecuteScalarAsync() is { } revision ? Convert.ToInt64(revision) : 0;
        return found == expected
            ? null
            : new WispError(ErrorCode.WrongState, $"'{change.Key}' is at revision {found}, not {expected}: somebody else changed it.", "Read it again and repeat the change.");
    }

    private async Task ApplyAsync(StateChange change, long revision)
    {
        await using var command = _connection.CreateCommand();
        command.Parameters.AddWithValue("$key", change.Key);
        if (change.Value is { } value)
        {
            command.CommandText = "insert into documents values ($key, $value, $revision) on conflict (key) do update set value = excluded.value, revision = excluded.revision";
            command.Parameters.AddWithValue("$value", value.ToArray());
            command.Parameters.AddWithValue("$revision", revision);
        }
        else
        {
            command.CommandText = "delete from documents where key = $key";
        }

        await command.ExecuteNonQueryAsync();
    }

    private static StateEntry Entry(SqliteDataReader reader) => new(reader.GetString(0), (byte[])reader[1], reader.GetInt64(2));

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<object?> ScalarAsync(SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellation);
    }

    private static WispError Explain(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        Full => new WispError(ErrorCode.OperationFailed, $"No room on the disk for {path}.", "Free some space; nothing was changed.", "disk-full"),
        NotADatabase or Corrupt => Damaged(path),
        _ => new WispError(ErrorCode.OperationFailed, $"The state store {path} refuses: {exception.Message}", "See that the disk has room and the file is writable.", "disk-full"),
    };

    private static WispError Damaged(string path) =>
        new(ErrorCode.OperationFailed, $"{path} is damaged or not a database.", "Restore a backup, or move the file away to begin anew.", "damaged-state");

    private sealed class Pending(IReadOnlyList<StateChange> changes)
    {
        private bool _taken;

        public IReadOnlyList<StateChange> Changes => changes;

        public TaskCompletionSource<Result<long>> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>For whoever is first: who carries it out, or who calls it off.</summary>
        public bool TryTake() => !Interlocked.Exchange(ref _taken, true);
    }
}
