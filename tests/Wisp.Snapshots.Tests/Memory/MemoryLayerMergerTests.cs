using CsCheck;
using Wisp.Snapshots.Memory;
using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests.Memory;

public sealed class MemoryLayerMergerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void What_is_visible_stays_and_takes_no_more_room_than_it_must() => Pages.Stacks.Sample(
        stack =>
        {
            using var directory = new TemporaryDirectory();
            var layers = stack.Select((extents, layer) => new MemoryLayer(Fill(directory.File($"{layer}"), layer), extents)).ToList();
            var merged = MemoryLayerMerger.Merge(Pages.MemoryBytes, layers, directory.File("merged"), default).Value;
            var visible = Pages.Model(stack);
            Assert.Null(MemoryLayerIndex.Problem(merged.Extents, new FileInfo(merged.Path).Length, Pages.MemoryBytes));
            Assert.Equal(visible.Count(page => page is not null) * Pages.Size, new FileInfo(merged.Path).Length);
            Assert.Equal(visible.Select(page => page is var (layer, offset) ? Content(layer, offset / Pages.Size) : (byte)0), Pages.Read(Pages.MemoryBytes, [merged]));
            // A page that is full of zeros covers what is below, like any other.
            Assert.Equal(visible.Select(page => page is not null), Pages.Model([merged.Extents]).Select(page => page is not null));
        },
        iter: 60, threads: 1);

    /// <summary>The kernel copies between different filesystems for nobody.</summary>
    [Fact]
    public void Layers_may_be_on_another_filesystem()
    {
        var other = $"/dev/shm/wisp-test-{Guid.NewGuid():N}";
        try
        {
            var layer = new MemoryLayer(other, Pages.Write(other, (1, 1), (5, 5)));
            var merged = MemoryLayerMerger.Merge(Pages.MemoryBytes, [layer], _directory.File("merged"), default).Value;
            Assert.Equal(Pages.Read(Pages.MemoryBytes, [layer]), Pages.Read(Pages.MemoryBytes, [merged]));
        }
        finally
        {
            File.Delete(other);
        }
    }

    [Fact]
    public void A_layer_that_is_shorter_than_its_extents_is_said_so_and_nothing_is_left()
    {
        var layer = new MemoryLayer(_directory.File("layer"), Pages.Write(_directory.File("layer"), (0, 1), (1, 2)));
        using (var file = File.OpenWrite(layer.Path))
        {
            file.SetLength(Pages.Size);
        }

        var error = MemoryLayerMerger.Merge(Pages.MemoryBytes, [layer], _directory.File("merged"), default).Error!;
        Assert.Contains(layer.Path, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_directory.File("merged")));
    }

    [Fact]
    public void Giving_up_leaves_nothing()
    {
        var layer = new MemoryLayer(_directory.File("layer"), Pages.Write(_directory.File("layer"), (0, 1)));
        Assert.Throws<OperationCanceledException>(() => MemoryLayerMerger.Merge(Pages.MemoryBytes, [layer], _directory.File("merged"), new CancellationToken(canceled: true)));
        Assert.False(File.Exists(_directory.File("merged")));
    }

    [Fact]
    public void What_is_there_is_not_written_over()
    {
        var layer = new MemoryLayer(_directory.File("layer"), Pages.Write(_directory.File("layer"), (0, 1)));
        Assert.Equal(ErrorCode.OperationFailed, MemoryLayerMerger.Merge(Pages.MemoryBytes, [layer], layer.Path, default).Error!.Code);
        Assert.Equal(Pages.Size, new FileInfo(layer.Path).Length);
    }

    public void Dispose() => _directory.Dispose();

    // As much as the extents of Pages can ask for; some of it zero.
    private static string Fill(string path, int layer)
    {
        using var file = File.Create(path);
        for (var page = 0; page < 2 * Pages.Count; page++)
        {
            file.Write(Enumerable.Repeat(Content(layer, page), Pages.Size).ToArray());
        }

        return path;
    }

    private static byte Content(int layer, long page) => page % 5 == 0 ? (byte)0 : (byte)((layer * 64) + page);
}
