using System.Collections.Concurrent;
using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests;

public sealed class ConcurrencyTests : IDisposable
{
    private readonly Workshop _workshop = new();

    /// <summary>
    /// Instances that are frozen again and again, each on what it was frozen to before, letting go of that; while somebody else collects
    /// all the time. What an instance needs is always there, and in the end there is nothing else.
    /// </summary>
    [Fact]
    public async Task Collecting_never_takes_what_is_being_frozen_or_needed()
    {
        var store = await _workshop.OpenAsync();
        var boot = await _workshop.CommitAsync(store, SnapshotKind.Boot);
        var needed = new ConcurrentDictionary<int, Guid>();
        var instances = Enumerable.Range(0, 4).Select(instance => Task.Run(async () =>
        {
            var snapshot = boot;
            for (var step = 0; step < 25; step++)
            {
                var layers = snapshot.Manifest.Stack;
                var (draft, extents) = Workshop.Begin(store, SnapshotKind.Hibernation, layers, (instance, (byte)(step + 1)));
                await using (draft)
                {
                    var committed = await draft.CommitAsync(Workshop.Manifest(layers), extents, default);
                    Assert.Null(committed.Error);
                    snapshot = committed.Value;
                    needed[instance] = snapshot.Uuid;
                }

                var opened = await store.OpenAsync(snapshot.Uuid, null, default);
                Assert.Null(opened.Error);
                Assert.Equal((byte)(step + 1), Pages.Read(Pages.MemoryBytes, opened.Value.Layers)[instance]);
            }
        })).ToArray();
        var all = Task.WhenAll(instances);
        var collected = 0;
        do
        {
            collected += (await store.CollectAsync(() => needed.Values.ToHashSet(), default)).Value.Deleted.Count;
            Assert.All(store.List(), entry => Assert.Null(entry.Problem));
        }
        while (!all.IsCompleted);
        await all;
        collected += (await store.CollectAsync(() => needed.Values.ToHashSet(), default)).Value.Deleted.Count;

        var left = store.List().Select(entry => entry.Uuid!.Value).ToHashSet();
        var reachable = needed.Values.SelectMany(uuid => store.Find(uuid)!.Manifest!.Stack).Append(boot.Uuid).ToHashSet();
        Assert.Equal(reachable, left);
        Assert.Equal(100 + 1 - left.Count, collected);
        Assert.Equal(left.Count, Directory.EnumerateFileSystemEntries(_workshop.Path).Count());
        Assert.Equal(left, (await _workshop.OpenAsync()).List().Select(entry => entry.Uuid!.Value).ToHashSet());
    }

    public void Dispose() => _workshop.Dispose();
}
