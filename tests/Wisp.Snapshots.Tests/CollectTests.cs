using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests;

public sealed class CollectTests : IDisposable
{
    private readonly Workshop _workshop = new();

    [Fact]
    public async Task What_nothing_needs_goes_and_what_a_root_lies_on_stays()
    {
        var store = await _workshop.OpenAsync();
        var below = await _workshop.CommitAsync(store);
        var root = await _workshop.CommitAsync(store, on: below);
        var boot = await _workshop.CommitAsync(store, SnapshotKind.Boot);
        var loose = await _workshop.CommitAsync(store, on: root);
        var alone = await _workshop.CommitAsync(store, SnapshotKind.Hibernation);

        var removal = (await store.CollectAsync(Roots(root), default)).Value;
        Assert.Equal(Set(loose, alone), removal.Deleted.ToHashSet());
        Assert.Equal(loose.OwnBytes + alone.OwnBytes, removal.BytesFreed);
        Assert.Equal(Set(below, root, boot), store.List().Select(entry => entry.Uuid!.Value).ToHashSet());
        Assert.Equal(3, Directory.EnumerateFileSystemEntries(_workshop.Path).Count());
        Assert.Null((await store.OpenAsync(root.Uuid, null, default)).Error);
        Assert.Equal(ErrorCode.NotFound, (await store.OpenAsync(loose.Uuid, null, default)).Error!.Code);
    }

    [Fact]
    public async Task What_a_draft_will_lie_on_stays_until_it_is_disposed()
    {
        var store = await _workshop.OpenAsync();
        var below = await _workshop.CommitAsync(store);
        var draft = Workshop.Begin(store, SnapshotKind.Checkpoint, below.Manifest.Stack, (0, 1)).Draft;
        Assert.Empty((await store.CollectAsync(Roots(), default)).Value.Deleted);
        var error = (await store.DeleteAsync(below.Uuid)).Error!;
        Assert.Equal(ErrorCode.Attached, error.Code);
        Assert.Contains(draft.Id.ToString(), error.Message, StringComparison.Ordinal);
        await draft.DisposeAsync();
        Assert.Equal([below.Uuid], (await store.CollectAsync(Roots(), default)).Value.Deleted);
    }

    /// <summary>Between being committed and being written down as needed, nobody but the draft knows that it is.</summary>
    [Fact]
    public async Task What_was_just_committed_stays_until_its_draft_is_disposed()
    {
        var store = await _workshop.OpenAsync();
        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Checkpoint, null, (0, 1));
        Assert.Null((await draft.CommitAsync(Workshop.Manifest(), extents, default)).Error);
        Assert.Empty((await store.CollectAsync(Roots(), default)).Value.Deleted);
        await draft.DisposeAsync();
        Assert.Equal([draft.Id], (await store.CollectAsync(Roots(), default)).Value.Deleted);
    }

    [Fact]
    public async Task What_is_committed_while_the_roots_are_asked_for_stays()
    {
        var store = await _workshop.OpenAsync();
        var loose = await _workshop.CommitAsync(store);
        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Checkpoint, null, (0, 1));
        var collected = store.CollectAsync(
            () =>
            {
                // All of another thread's work, at the worst moment: the roots were looked up before it.
                Task.Run(async () =>
                {
                    await draft.CommitAsync(Workshop.Manifest(), extents, default);
                    await draft.DisposeAsync();
                }).GetAwaiter().GetResult();
                return new HashSet<Guid>();
            },
            default);
        Assert.Equal([loose.Uuid], (await collected).Value.Deleted);
        Assert.Null((await store.OpenAsync(draft.Id, null, default)).Error);
    }

    [Fact]
    public async Task What_another_lies_on_is_not_deleted()
    {
        var store = await _workshop.OpenAsync();
        var below = await _workshop.CommitAsync(store);
        var above = await _workshop.CommitAsync(store, on: below);
        var error = (await store.DeleteAsync(below.Uuid)).Error!;
        Assert.Equal(ErrorCode.Attached, error.Code);
        Assert.Contains(above.Uuid.ToString(), error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.NextStep);
        Assert.Equal([above.Uuid], (await store.DeleteAsync(above.Uuid)).Value.Deleted);
        Assert.Equal([below.Uuid], (await store.DeleteAsync(below.Uuid)).Value.Deleted);
        Assert.Equal(ErrorCode.NotFound, (await store.DeleteAsync(below.Uuid)).Error!.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_workshop.Path));
    }

    [Fact]
    public async Task What_cannot_be_deleted_is_said_and_still_there()
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        // The kernel renames no directory that something is mounted on.
        await using (await Mount.OverAsync(made.Directory))
        {
            Assert.Contains(made.Directory, (await store.CollectAsync(Roots(), default)).Error!.Message, StringComparison.Ordinal);
        }

        Assert.Null((await store.OpenAsync(made.Uuid, null, default)).Error);
        Assert.Equal([made.Uuid], (await store.CollectAsync(Roots(), default)).Value.Deleted);
    }

    [Fact]
    public async Task Giving_up_deletes_nothing_more()
    {
        var store = await _workshop.OpenAsync();
        var made = await _workshop.CommitAsync(store);
        Assert.Empty((await store.CollectAsync(Roots(), new CancellationToken(canceled: true))).Value.Deleted);
        Assert.Null((await store.OpenAsync(made.Uuid, null, default)).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Boots_that_do_not_fit_go_the_longest_unused_first(bool restarted)
    {
        var store = await _workshop.OpenAsync();
        var boots = new List<Snapshot>();
        for (var i = 0; i < 5; i++)
        {
            boots.Add(await _workshop.CommitAsync(store, SnapshotKind.Boot));
        }

        var checkpoint = await _workshop.CommitAsync(store, on: boots[1]);
        store.Touch(boots[0].Uuid);
        _workshop.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await store.OpenAsync(boots[3].Uuid, null, default)).Error);
        store = restarted ? await _workshop.OpenAsync() : store;

        // In the order of use: 1 (needed by a checkpoint), 2 (pinned), 4, 0, 3.
        var all = boots.Sum(boot => boot.OwnBytes);
        Assert.Empty((await store.TrimBootsAsync(all, Roots(boots[2]), default)).Value.Deleted);
        Assert.Equal([boots[4].Uuid], (await store.TrimBootsAsync(all - 1, Roots(boots[2]), default)).Value.Deleted);
        Assert.Equal([boots[0].Uuid, boots[3].Uuid], (await store.TrimBootsAsync(0, Roots(boots[2]), default)).Value.Deleted);
        Assert.Equal(Set(boots[1], boots[2], checkpoint), store.List().Select(entry => entry.Uuid!.Value).ToHashSet());
    }

    public void Dispose() => _workshop.Dispose();

    private static HashSet<Guid> Set(params Snapshot[] snapshots) => [.. snapshots.Select(snapshot => snapshot.Uuid)];

    private static Func<IReadOnlySet<Guid>> Roots(params Snapshot[] snapshots) => () => Set(snapshots);
}
