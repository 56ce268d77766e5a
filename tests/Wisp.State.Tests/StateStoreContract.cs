using System.Globalization;
using System.Text;

namespace Wisp.State.Tests;

/// <summary>What every state store must do, whatever it stands on. A store's test class inherits this.</summary>
public abstract class StateStoreContract : IAsyncDisposable
{
    private readonly List<IStateStore> _opened = [];

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test; a second call opens the same one again.</summary>
    protected abstract Task<IStateStore> ConnectAsync();

    [Fact]
    public async Task A_key_that_was_never_written_is_absent()
    {
        var store = await OpenAsync();
        Assert.Null(await store.GetAsync("instances/a", Cancel));
        Assert.Empty(await store.ListAsync("", Cancel));
    }

    [Fact]
    public async Task What_is_committed_is_read_back_byte_for_byte_at_the_revision_of_the_commit()
    {
        var store = await OpenAsync();
        byte[] bytes = [0, 1, 127, 128, 255, 0];
        var revision = (await store.CommitAsync([new("a", bytes)], Cancel)).Value;
        var entry = await store.GetAsync("a", Cancel);
        Assert.NotNull(entry);
        Assert.Equal(("a", revision), (entry.Key, entry.Revision));
        Assert.Equal(bytes, entry.Value.ToArray());
    }

    [Fact]
    public async Task An_empty_document_exists()
    {
        var store = await OpenAsync();
        await CommitAsync(store, new StateChange("a", Array.Empty<byte>()));
        Assert.Equal(0, (await store.GetAsync("a", Cancel))?.Value.Length);
    }

    [Fact]
    public async Task The_store_keeps_bytes_of_its_own()
    {
        var store = await OpenAsync();
        var bytes = "one"u8.ToArray();
        await CommitAsync(store, new StateChange("a", bytes));
        bytes[0] = (byte)'X';
        Assert.Equal("one", Text(await store.GetAsync("a", Cancel)));
    }

    [Fact]
    public async Task Revisions_grow_with_every_commit_and_only_what_is_written_gets_the_new_one()
    {
        var store = await OpenAsync();
        var first = await CommitAsync(store, Put("a", "1"), Put("b", "1"));
        var second = await CommitAsync(store, Put("b", "2"));
        Assert.True(second > first, $"{second} follows {first}");
        Assert.Equal(first, (await store.GetAsync("a", Cancel))?.Revision);
        Assert.Equal(second, (await store.GetAsync("b", Cancel))?.Revision);
    }

    [Fact]
    public async Task A_change_at_the_revision_that_was_read_is_accepted()
    {
        var store = await OpenAsync();
        var read = await CommitAsync(store, Put("a", "1"));
        await CommitAsync(store, Put("a", "2", expected: read));
        Assert.Equal("2", Text(await store.GetAsync("a", Cancel)));
    }

    [Fact]
    public async Task A_change_at_an_older_revision_is_refused_and_names_the_key()
    {
        var store = await OpenAsync();
        var read = await CommitAsync(store, Put("instances/a", "1"));
        await CommitAsync(store, Put("instances/a", "2"));
        var late = await store.CommitAsync([Put("instances/a", "3", expected: read)], Cancel);
        Assert.Equal(ErrorCode.WrongState, late.Error?.Code);
        Assert.Contains("'instances/a'", late.Error?.Message, StringComparison.Ordinal);
        Assert.Equal("2", Text(await store.GetAsync("instances/a", Cancel)));
    }

    [Fact]
    public async Task Revision_zero_means_that_the_document_must_not_exist()
    {
        var store = await OpenAsync();
        await CommitAsync(store, Put("a", "1", expected: 0));
        Assert.Equal(ErrorCode.WrongState, (await store.CommitAsync([Put("a", "2", expected: 0)], Cancel)).Error?.Code);
        await CommitAsync(store, Delete("a"));
        await CommitAsync(store, Put("a", "3", expected: 0));
        Assert.Equal("3", Text(await store.GetAsync("a", Cancel)));
    }

    [Fact]
    public async Task A_document_made_anew_does_not_pass_for_the_one_that_was_deleted()
    {
        var store = await OpenAsync();
        var old = await CommitAsync(store, Put("a", "1"));
        await CommitAsync(store, Delete("a"));
        await CommitAsync(store, Put("a", "2"));
        Assert.Equal(ErrorCode.WrongState, (await store.CommitAsync([Put("a", "3", expected: old)], Cancel)).Error?.Code);
    }

    [Fact]
    public async Task A_delete_can_expect_a_revision_too()
    {
        var store = await OpenAsync();
        var read = await CommitAsync(store, Put("a", "1"));
        Assert.Equal(ErrorCode.WrongState, (await store.CommitAsync([Delete("a", expected: read + 1)], Cancel)).Error?.Code);
        await CommitAsync(store, Delete("a", expected: read));
        Assert.Null(await store.GetAsync("a", Cancel));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_success()
    {
        var store = await OpenAsync();
        await CommitAsync(store, Delete("a"));
        Assert.Null(await store.GetAsync("a", Cancel));
    }

    [Fact]
    public async Task A_transaction_with_one_conflict_changes_nothing_at_all()
    {
        var store = await OpenAsync();
        var before = await CommitAsync(store, Put("a", "1"), Put("b", "1"), Put("c", "1"));
        var refused = await store.CommitAsync([Put("a", "2"), Delete("b"), Put("new", "2"), Put("c", "2", expected: before + 7)], Cancel);
        Assert.Equal(ErrorCode.WrongState, refused.Error?.Code);
        var entries = await store.ListAsync("", Cancel);
        Assert.Equal(["a=1", "b=1", "c=1"], entries.Select(entry => $"{entry.Key}={Text(entry)}"));
        Assert.All(entries, entry => Assert.Equal(before, entry.Revision));
        Assert.True(await CommitAsync(store, Put("a", "3")) > before);
    }

    [Fact]
    public async Task A_prefix_is_taken_literally_and_its_documents_come_in_order()
    {
        var store = await OpenAsync();
        string[] keys = ["a/2", "a/10", "a/1", "ab", "A/1", "a_/1", "a%/1", "b/1", "a"];
        await CommitAsync(store, [.. keys.Select(key => Put(key, key))]);
        Assert.Equal(["a/1", "a/10", "a/2"], await KeysAsync(store, "a/"));
        Assert.Equal(["a_/1"], await KeysAsync(store, "a_"));
        Assert.Equal(["a%/1"], await KeysAsync(store, "a%"));
        Assert.Equal(keys.Order(StringComparer.Ordinal), await KeysAsync(store, ""));
        Assert.Empty(await KeysAsync(store, "c"));
    }

    [Fact]
    public async Task Of_many_who_change_one_document_at_one_revision_one_wins()
    {
        var store = await OpenAsync();
        var read = await CommitAsync(store, Put("a", "start"));
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(number =>
            Task.Run(async () => await store.CommitAsync([Put("a", Invariant(number), expected: read)], Cancel), Cancel)));
        var winner = Assert.Single(results.Index(), result => result.Item.IsSuccess);
        Assert.All(results.Where(result => !result.IsSuccess), result => Assert.Equal(ErrorCode.WrongState, result.Error?.Code));
        Assert.Equal(Invariant(winner.Index), Text(await store.GetAsync("a", Cancel)));
    }

    [Fact]
    public async Task No_increment_is_lost_when_many_read_change_and_repeat()
    {
        const int Writers = 8, Increments = 12;
        var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(
            async () =>
            {
                for (var done = 0; done < Increments;)
                {
                    var entry = await store.GetAsync("count", Cancel);
                    var next = entry is null ? 1 : int.Parse(Text(entry)!, CultureInfo.InvariantCulture) + 1;
                    done += (await store.CommitAsync([Put("count", Invariant(next), expected: entry?.Revision ?? 0)], Cancel)).IsSuccess ? 1 : 0;
                }
            },
            Cancel)));
        Assert.Equal(Invariant(Writers * Increments), Text(await store.GetAsync("count", Cancel)));
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_transaction()
    {
        var store = await OpenAsync();
        await CommitAsync(store, Put("pair/a", "0"), Put("pair/b", "0"));
        var writing = Task.Run(
            async () =>
            {
                for (var i = 1; i <= 50; i++)
                {
                    await CommitAsync(store, Put("pair/a", Invariant(i)), Put("pair/b", Invariant(i)));
                }
            },
            Cancel);
        while (!writing.IsCompleted)
        {
            var pair = await store.ListAsync("pair/", Cancel);
            Assert.Equal(Text(pair[0]), Text(pair[1]));
            await Task.Yield();
        }

        await writing;
    }

    [Fact]
    public async Task What_was_accepted_is_there_when_it_is_opened_again_and_revisions_go_on()
    {
        var store = await OpenAsync();
        var revision = await CommitAsync(store, Put("a", "1"), Put("b", "1"));
        await CloseAsync(store);
        store = await OpenAsync();
        Assert.Equal(["a", "b"], await KeysAsync(store, ""));
        Assert.Equal(revision, (await store.GetAsync("a", Cancel))?.Revision);
        Assert.True(await CommitAsync(store, Put("a", "2", expected: revision)) > revision);
    }

    [Fact]
    public async Task A_wait_that_is_called_off_changes_nothing()
    {
        var store = await OpenAsync();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.CommitAsync([Put("a", "1")], gone.Token));
        Assert.Null(await store.GetAsync("a", Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened.ToArray())
        {
            await CloseAsync(store);
        }

        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<IStateStore> OpenAsync()
    {
        var store = await ConnectAsync();
        _opened.Add(store);
        return store;
    }

    protected async Task CloseAsync(IStateStore store)
    {
        _opened.Remove(store);
        await store.DisposeAsync();
    }

    /// <summary>Removes what the test made.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    protected static StateChange Put(string key, string text, long? expected = null) => new(key, Encoding.UTF8.GetBytes(text), expected);

    protected static StateChange Delete(string key, long? expected = null) => new(key, null, expected);

    protected static string? Text(StateEntry? entry) => entry is null ? null : Encoding.UTF8.GetString(entry.Value.Span);

    protected static async Task<long> CommitAsync(IStateStore store, params StateChange[] changes) => (await store.CommitAsync(changes, Cancel)).Value;

    private static async Task<IEnumerable<string>> KeysAsync(IStateStore store, string prefix) =>
        (await store.ListAsync(prefix, Cancel)).Select(entry => entry.Key);

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);
}
