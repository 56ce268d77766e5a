using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests;

public sealed class SnapshotDraftTests : IDisposable
{
    private readonly Workshop _workshop = new();

    [Fact]
    public async Task One_that_is_not_committed_leaves_nothing()
    {
        var store = await _workshop.OpenAsync();
        await using (Workshop.Begin(store, SnapshotKind.Fork, null, (0, 1)).Draft)
        {
            Assert.Single(Directory.EnumerateFileSystemEntries(_workshop.Path));
            Assert.Empty(store.List());
        }

        AssertNothing(store);
    }

    [Fact]
    public async Task Giving_up_leaves_nothing()
    {
        var store = await _workshop.OpenAsync();
        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Fork, null, (0, 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draft.CommitAsync(Workshop.Manifest(), extents, new CancellationToken(canceled: true)));
        AssertNothing(store);
        await draft.DisposeAsync();
    }

    [Fact]
    public async Task It_is_committed_once()
    {
        var store = await _workshop.OpenAsync();
        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Fork, null, (0, 1));
        Assert.Equal(draft.Id, (await draft.CommitAsync(Workshop.Manifest(), extents, default)).Value.Uuid);
        await Assert.ThrowsAsync<InvalidOperationException>(() => draft.CommitAsync(Workshop.Manifest(), extents, default));
        await draft.DisposeAsync();
        await draft.DisposeAsync();
        Assert.Null((await store.OpenAsync(draft.Id, null, default)).Error);
    }

    [Fact]
    public async Task Without_its_files_it_is_a_mistake_and_leaves_nothing()
    {
        var store = await _workshop.OpenAsync();
        await using var draft = store.Begin(SnapshotKind.Fork).Value;
        await Assert.ThrowsAsync<InvalidOperationException>(() => draft.CommitAsync(Workshop.Manifest(), [], default));
        AssertNothing(store);
    }

    [Fact]
    public async Task With_extents_that_are_not_in_its_file_it_is_a_mistake_and_leaves_nothing()
    {
        var store = await _workshop.OpenAsync();
        await using var draft = Workshop.Begin(store, SnapshotKind.Fork, null, (0, 1)).Draft;
        await Assert.ThrowsAsync<ArgumentException>(() => draft.CommitAsync(Workshop.Manifest(), [new(0, 2 * Pages.Size, 0)], default));
        AssertNothing(store);
    }

    [Fact]
    public async Task Without_any_pages_it_is_what_lies_below()
    {
        var store = await _workshop.OpenAsync();
        var below = await _workshop.CommitAsync(store, pages: (0, 5));
        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Fork, below.Manifest.Stack);
        Assert.Empty(extents);
        await using (draft)
        {
            var made = (await draft.CommitAsync(Workshop.Manifest(below.Manifest.Stack), extents, default)).Value;
            Assert.Equal(5, Pages.Read(Pages.MemoryBytes, made.Layers)[0]);
        }
    }

    [Fact]
    public async Task On_a_layer_that_does_not_exist_it_is_refused_by_name()
    {
        var store = await _workshop.OpenAsync();
        var gone = Guid.NewGuid();
        var begun = store.Begin(SnapshotKind.Fork, [gone]);
        Assert.Equal(ErrorCode.NotFound, begun.Error!.Code);
        Assert.Contains(gone.ToString(), begun.Error.Message, StringComparison.Ordinal);

        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Fork, null, (0, 1));
        Assert.Equal(ErrorCode.NotFound, (await draft.CommitAsync(Workshop.Manifest([gone]), extents, default)).Error!.Code);
        AssertNothing(store);
        await draft.DisposeAsync();
    }

    /// <summary>Folding copies pages under a new digest; it must not make damaged ones look whole.</summary>
    [Fact]
    public async Task Damaged_layers_are_not_folded()
    {
        var store = await _workshop.OpenAsync();
        var snapshot = await _workshop.CommitAsync(store, SnapshotKind.Boot);
        while (snapshot.Layers.Count < SnapshotStore.MaximumDepth)
        {
            snapshot = await _workshop.CommitAsync(store, on: snapshot);
        }

        var damaged = snapshot.Manifest.Stack[4];
        Workshop.Flip(Path.Combine(_workshop.Path, damaged.ToString(), "memory"));
        var (draft, extents) = Workshop.Begin(store, SnapshotKind.Checkpoint, snapshot.Manifest.Stack, (0, 1));
        var error = (await draft.CommitAsync(Workshop.Manifest(snapshot.Manifest.Stack), extents, default)).Error!;
        Assert.Equal((ErrorCode.CannotBeUsed, "snapshot-damaged"), (error.Code, error.Help));
        Assert.Contains(damaged.ToString(), error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(draft.Directory));
        await draft.DisposeAsync();
    }

    public void Dispose() => _workshop.Dispose();

    private void AssertNothing(SnapshotStore store)
    {
        Assert.Empty(store.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_workshop.Path));
    }
}
