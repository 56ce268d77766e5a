using System.Globalization;

namespace Wisp.State;

/// <summary>How databases of earlier versions become ones of this version.</summary>
internal static class SqliteSchema
{
    // The step at index n leads to schema n + 1. What was released is never changed: a change is another step.
    private static readonly string[] Steps =
    [
        """
        create table if not exists documents (key text primary key, value blob not null, revision integer not null) without rowid;
        create table if not exists counter (id integer primary key check (id = 0), revision integer not null);
        insert or ignore into counter values (0, 0);
        """,
        // Instances have schedules. Nothing is to be changed in documents without them; but a Wisp that does not know them would lose
        // them at its next write, and has to refuse.
        "",
        // Resources belong to accounts. Documents without one are the node's own, so nothing is to be changed in them; but a Wisp that
        // does not know accounts would show everything to everybody, and has to refuse.
        "",
    ];

    /// <summary>The schema of this version.</summary>
    public static long Version => Steps.Length;

    /// <summary>The statements that lead from a schema to this version's: all of them take hold or none.</summary>
    public static string MigrationFrom(long version) => string.Create(
        CultureInfo.InvariantCulture,
        $"begin immediate; {string.Concat(Steps[(int)version..])} pragma user_version = {Version}; commit;");
}
