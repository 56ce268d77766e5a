using System.Globalization;
using Microsoft.Data.Sqlite;
using Wisp.State.Tests.Support;

namespace Wisp.State.Tests;

/// <summary>SQLite: the contract, and what can befall a file.</summary>
public sealed class SqliteStateStoreTests : StateStoreContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-state-").FullName;

    private string Database => Path.Combine(_directory, "state.db");

    protected override async Task<IStateStore> ConnectAsync() => (await SqliteStateStore.OpenAsync(Database, Cancel)).Value;

    protected override ValueTask CleanUpAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_writes_ahead_to_a_log()
    {
        var store = await OpenAsync();
        await CommitAsync(store, Put("a", "1"));
        Assert.True(new FileInfo(Database + "-wal").Length > 0, "what was committed is in the log first");
        await CloseAsync(store);
        // File format versions for writing and reading; 2 is WAL (sqlite.org/fileformat.html, 1.3.3).
        Assert.Equal([2, 2], (await File.ReadAllBytesAsync(Database, Cancel))[18..20]);
    }

    [Fact]
    public async Task What_comes_together_is_synced_together_and_one_that_is_refused_takes_no_other_with_it()
    {
        var store = await OpenAsync();
        await CommitAsync(store, Put("taken", "1"));
        var frames = Frames();
        var commits = await Task.WhenAll(Enumerable.Range(0, 500).Select(number => Task.Run(
            async () => await store.CommitAsync([Put($"n/{number:d3}", "1"), number % 5 == 0 ? Put("taken", "2") with { ExpectedRevision = 0 } : Put($"m/{number:d3}", "1")], Cancel))));
        var written = Frames() - frames;

        Assert.Equal(100, commits.Count(commit => commit.Error?.Code == ErrorCode.WrongState));
        var revisions = commits.Where(commit => commit.IsSuccess).Select(commit => commit.Value).ToArray();
        Assert.Distinct(revisions);
        Assert.Equal(400, revisions.Length);
        var entries = await store.ListAsync("n/", Cancel);
        Assert.Equal(Enumerable.Range(0, 500).Where(number => number % 5 != 0).Select(number => $"n/{number:d3}"), entries.Select(entry => entry.Key));
        Assert.Equal(revisions.Order(), entries.Select(entry => entry.Revision).Order());
        // Alone, each writes two pages at least: its document's and the counter's.
        Assert.True(written < 400, $"{written} pages were written for 400 commits");

        // A frame is a page and a header of 24 bytes (sqlite.org/fileformat.html, 4.1).
        long Frames() => new FileInfo(Database + "-wal").Length / (4096 + 24);
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_writes_loses_nothing_it_was_promised_and_leaves_no_half()
    {
        var promised = 0L;
        for (var kill = 1; kill <= 6; kill++)
        {
            using var writer = StateWriter.Start(Database);
            try
            {
                for (var line = 0; line < kill * 3; line++)
                {
                    promised = long.Parse((await writer.StandardOutput.ReadLineAsync(Cancel))!, CultureInfo.InvariantCulture);
                }
            }
            finally
            {
                writer.Kill();
            }

            // What it had still said before the signal came counts too.
            while (await writer.StandardOutput.ReadLineAsync(Cancel) is { } line)
            {
                promised = long.Parse(line, CultureInfo.InvariantCulture);
            }

            await writer.WaitForExitAsync(Cancel);
            Assert.Equal(128 + 9, writer.ExitCode);

            var store = await OpenAsync();
            var (first, second) = (await store.GetAsync(StateWriter.First, Cancel), await store.GetAsync(StateWriter.Second, Cancel));
            var found = StateWriter.Number(first);
            Assert.Equal(found, StateWriter.Number(second));
            Assert.Equal(first?.Revision, second?.Revision);
            // The last one may have been accepted without a chance to say so.
            Assert.InRange(found, promised, promised + 1);
            await CloseAsync(store);
        }
    }

    [Fact]
    public async Task On_a_full_disk_a_change_is_refused_whole_and_accepted_once_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(2 * 1024 * 1024);
        Assert.SkipWhen(disk is null, "mounting a tmpfs needs root");
        var path = Path.Combine(disk.Path, "state.db");
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[512 * 1024], Cancel);
        await using var store = (await SqliteStateStore.OpenAsync(path, Cancel)).Value;
        var accepted = 0;
        Result<long> last;
        while ((last = await PutLargeAsync(store, accepted)).IsSuccess)
        {
            accepted++;
        }

        Assert.True(accepted > 0, "some fit before the disk was full");
        Assert.Equal((ErrorCode.OperationFailed, "disk-full"), (last.Error.Code, last.Error.Help));
        Assert.Contains(path, last.Error.Message, StringComparison.Ordinal);
        Assert.Contains("No room", last.Error.Message, StringComparison.Ordinal);
        Assert.Equal(2 * accepted, (await store.ListAsync("", Cancel)).Count);

        File.Delete(ballast);
        Assert.True((await PutLargeAsync(store, accepted)).IsSuccess);
        Assert.Equal(2 * (accepted + 1), (await store.ListAsync("", Cancel)).Count);

        static ValueTask<Result<long>> PutLargeAsync(SqliteStateStore store, int number) => store.CommitAsync(
            [new($"large/{number}/a", new byte[30_000]), new($"large/{number}/b", new byte[30_000])], Cancel);
    }

    [Fact]
    public async Task A_new_database_on_a_full_disk_says_so()
    {
        await using var disk = await SmallDisk.MountAsync(64 * 1024);
        Assert.SkipWhen(disk is null, "mounting a tmpfs needs root");
        var path = Path.Combine(disk.Path, "state.db");
        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(Path.Combine(disk.Path, "ballast"), new byte[128 * 1024], Cancel));
        AssertRefused(await SqliteStateStore.OpenAsync(path, Cancel), path, "disk-full");
    }

    public static TheoryData<string, Func<byte[], byte[]>> Damages => new()
    {
        { "not a database", _ => "this is a letter, not a database; it is long enough to have a header"u8.ToArray() },
        { "header scribbled over", bytes => Scribble(bytes, 0, 100) },
        { "a page in the middle scribbled over", bytes => Scribble(bytes, bytes.Length / 4096 / 2 * 4096, 4096) },
        { "all but the first page scribbled over", bytes => Scribble(bytes, 4096, bytes.Length - 4096) },
        { "cut in the middle", bytes => bytes[..(bytes.Length / 4096 / 2 * 4096)] },
    };

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task A_damaged_file_is_reported_as_such_and_left_alone(string what, Func<byte[], byte[]> damage)
    {
        var store = await OpenAsync();
        await CommitAsync(store, [.. Enumerable.Range(0, 200).Select(number => Put($"documents/{number:000}", new string('x', 500)))]);
        await CloseAsync(store);
        var damaged = damage(await File.ReadAllBytesAsync(Database, Cancel));
        await File.WriteAllBytesAsync(Database, damaged, Cancel);
        AssertRefused(await SqliteStateStore.OpenAsync(Database, Cancel), Database, "damaged-state");
        var after = await File.ReadAllBytesAsync(Database, Cancel);
        Assert.True(damaged.AsSpan().SequenceEqual(after), $"{what}: the file was changed");
    }

    [Fact]
    public async Task An_empty_file_is_a_new_database()
    {
        await File.WriteAllBytesAsync(Database, [], Cancel);
        var store = await OpenAsync();
        await CommitAsync(store, Put("a", "1"));
        Assert.Equal("1", Text(await store.GetAsync("a", Cancel)));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_not_touched()
    {
        await using (var connection = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = "pragma user_version = 1000";
            await command.ExecuteNonQueryAsync(Cancel);
        }

        var refused = await SqliteStateStore.OpenAsync(Database, Cancel);
        Assert.Contains("written by a newer Wisp (schema 1000", refused.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_the_first_version_keeps_its_documents_and_their_revisions_and_becomes_one_of_this()
    {
        await using (var connection = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            // As the first version wrote it, word for word.
            command.CommandText = """
                pragma journal_mode=wal;
                begin immediate;
                create table if not exists documents (key text primary key, value blob not null, revision integer not null) without rowid;
                create table if not exists counter (id integer primary key check (id = 0), revision integer not null);
                insert or ignore into counter values (0, 0);
                pragma user_version = 1;
                commit;
                insert into documents values ('instances/a', cast('{"name":"a"}' as blob), 7);
                update counter set revision = 7;
                """;
            await command.ExecuteNonQueryAsync(Cancel);
        }

        // Twice: the second time there is nothing left to do.
        for (var opened = 1; opened <= 2; opened++)
        {
            var store = await OpenAsync();
            var kept = await store.GetAsync("instances/a", Cancel);
            Assert.Equal(("{\"name\":\"a\"}", 7), (Text(kept), kept?.Revision));
            Assert.Equal(7 + opened, (await store.CommitAsync([new("instances/b", new byte[1])], Cancel)).Value);
            await CloseAsync(store);
            await using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = "pragma user_version";
            Assert.Equal(3L, await command.ExecuteScalarAsync(Cancel));
        }
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_named()
    {
        var path = Path.Combine(_directory, "nowhere", "state.db");
        var refused = await SqliteStateStore.OpenAsync(path, Cancel);
        Assert.Equal(ErrorCode.OperationFailed, refused.Error?.Code);
        Assert.Contains(path, refused.Error?.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(Result<SqliteStateStore> opened, string path, string help)
    {
        Assert.Equal((ErrorCode.OperationFailed, help), (opened.Error?.Code, opened.Error?.Help));
        Assert.Contains(path, opened.Error?.Message, StringComparison.Ordinal);
        Assert.NotNull(opened.Error?.NextStep);
    }

    private static byte[] Scribble(byte[] bytes, int start, int length)
    {
        bytes.AsSpan(start, length).Fill(0xA5);
        return bytes;
    }
}
