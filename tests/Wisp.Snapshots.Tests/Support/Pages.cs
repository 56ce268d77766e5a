using CsCheck;
using Wisp.Snapshots.Memory;

namespace Wisp.Snapshots.Tests.Support;

/// <summary>Guest RAM, page by page: what the code does with runs, done the slow and obvious way.</summary>
public static class Pages
{
    public const int Size = MemoryLayerIndex.PageSize;
    public const int Count = 32;
    public const long MemoryBytes = Count * Size;

    /// <summary>Extents in random places, some of which go on where the one before ends, in RAM, in the file, or in both.</summary>
    public static readonly Gen<IReadOnlyList<MemoryExtent>> Extents =
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 4], Gen.Int[0, 2]).List[0, 10].Select(IReadOnlyList<MemoryExtent> (pieces) =>
        {
            var extents = new List<MemoryExtent>();
            var (page, file) = (0, 0);
            foreach (var (gap, length, hole) in pieces)
            {
                page += gap;
                file += hole;
                if (page + length > Count)
                {
                    break;
                }

                extents.Add(new MemoryExtent((long)page * Size, (long)length * Size, (long)file * Size));
                page += length;
                file += length;
            }

            return extents;
        });

    public static readonly Gen<List<IReadOnlyList<MemoryExtent>>> Stacks = Extents.List[0, 5];

    /// <summary>For every page which layer has it and where in its file, or null.</summary>
    public static (int Layer, long Offset)?[] Model(IReadOnlyList<IReadOnlyList<MemoryExtent>> stack)
    {
        var pages = new (int, long)?[Count];
        for (var layer = 0; layer < stack.Count; layer++)
        {
            foreach (var extent in stack[layer])
            {
                for (var at = 0L; at < extent.Length; at += Size)
                {
                    pages[(extent.Address + at) / Size] = (layer, extent.FileOffset + at);
                }
            }
        }

        return pages;
    }

    /// <summary>Writes a layer's pages, each full of one byte; the extents.</summary>
    public static IReadOnlyList<MemoryExtent> Write(string path, params (int Page, byte Content)[] pages)
    {
        using var file = File.Create(path);
        var extents = new List<MemoryExtent>();
        foreach (var (page, content) in pages)
        {
            extents.Add(new MemoryExtent((long)page * Size, Size, file.Position));
            file.Write(Enumerable.Repeat(content, Size).ToArray());
        }

        return extents;
    }

    /// <summary>Guest RAM as a stack shows it: the byte that each page is full of.</summary>
    public static byte[] Read(long memoryBytes, IReadOnlyList<MemoryLayer> layers)
    {
        var memory = new byte[memoryBytes];
        foreach (var run in MemoryMap.Compose(memoryBytes, layers).Runs)
        {
            using var file = File.OpenHandle(layers[run.Layer].Path);
            Assert.Equal(run.Length, RandomAccess.Read(file, memory.AsSpan((int)run.Address, (int)run.Length), run.FileOffset));
        }

        var pages = memory.Chunk(Size).ToList();
        Assert.All(pages, page => Assert.True(page.All(content => content == page[0])));
        return [.. pages.Select(page => page[0])];
    }
}
