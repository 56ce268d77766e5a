using Microsoft.Data.Sqlite;

namespace Wisp.State;

/// <summary>Copies of a database, consistent in themselves, whether a store has it open or not.</summary>
public static class SqliteCopy
{
    /// <summary>The schema that this version knows; it refuses a newer one.</summary>
    public static long KnownSchema => SqliteSchema.Version;

    /// <summary>Copies a database into a file of its own: what was committed before is in it, what comes later is not.</summary>
    /// <param name="path">The database.</param>
    /// <param name="to">Where to; nothing is there yet.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The schema of the copy, or why there is none.</returns>
    public static async Task<Result<long>> MakeAsync(string path, string to, CancellationToken cancellation)
    {
        try
        {
            await using var source = Open(path, SqliteOpenMode.ReadWrite);
            await source.OpenAsync(cancellation);
            await using var copy = Open(to, SqliteOpenMode.ReadWriteCreate);
            await copy.OpenAsync(cancellation);
            source.BackupDatabase(copy);
            await using var command = copy.CreateCommand();
            // One file: its journal would have to be carried along.
            command.CommandText = "pragma journal_mode=delete; pragma user_version";
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            return reader.GetInt64(0);
        }
        catch (SqliteException exception)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot copy {path} to {to}: {exception.Message}", "See that there is room, and that it is a database.", "disk-full");
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode) =>
        new(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 10 }.ToString());
}
