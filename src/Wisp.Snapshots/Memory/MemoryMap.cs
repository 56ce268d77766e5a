namespace Wisp.Snapshots.Memory;

/// <summary>
/// What a guest sees of a stack of layers: the runs to map, one after the other, each from one file. Where there is none, RAM is zero.
/// </summary>
public sealed class MemoryMap
{
    private MemoryMap(long memoryBytes, IReadOnlyList<MemoryLayer> layers, IReadOnlyList<MemoryRun> runs) =>
        (MemoryBytes, Layers, Runs) = (memoryBytes, layers, runs);

    /// <summary>Guest RAM, in bytes.</summary>
    public long MemoryBytes { get; }

    /// <summary>The layers, bottom first.</summary>
    public IReadOnlyList<MemoryLayer> Layers { get; }

    /// <summary>What is visible, by address, disjoint. Neighbours that go on in the same file are one run: every run is an mmap, and those are limited.</summary>
    public IReadOnlyList<MemoryRun> Runs { get; }

    /// <summary>Lays layers over each other.</summary>
    /// <param name="memoryBytes">Guest RAM, in bytes.</param>
    /// <param name="layers">Bottom first; an upper one covers those below it.</param>
    /// <exception cref="ArgumentException">A layer's extents are not what <see cref="MemoryLayerIndex"/> lets pass.</exception>
    public static MemoryMap Compose(long memoryBytes, IReadOnlyList<MemoryLayer> layers)
    {
        var runs = new List<MemoryRun>();
        for (var layer = 0; layer < layers.Count; layer++)
        {
            if (MemoryLayerIndex.Problem(layers[layer].Extents, long.MaxValue, memoryBytes) is { } problem)
            {
                throw new ArgumentException($"Layer {layers[layer].Path}: {problem}.", nameof(layers));
            }

            runs = Cover(runs, layers[layer].Extents, layer);
        }

        return new MemoryMap(memoryBytes, [.. layers], Join(runs));
    }

    // One pass over both, which are sorted: what of the lower lies between the upper's extents stays.
    private static List<MemoryRun> Cover(List<MemoryRun> lower, IReadOnlyList<MemoryExtent> upper, int layer)
    {
        var covered = new List<MemoryRun>(lower.Count + upper.Count);
        var next = 0;
        foreach (var run in lower)
        {
            var from = run.Address;
            while (next < upper.Count && upper[next].Address < run.End)
            {
                var extent = upper[next];
                if (extent.Address > from)
                {
                    covered.Add(Part(run, from, extent.Address));
                }

                from = Math.Max(from, extent.End);
                if (extent.End > run.End)
                {
                    // It reaches into the next run, too.
                    break;
                }

                covered.Add(new MemoryRun(extent.Address, extent.Length, layer, extent.FileOffset));
                next++;
            }

            if (from < run.End)
            {
                covered.Add(Part(run, from, run.End));
            }
        }

        for (; next < upper.Count; next++)
        {
            covered.Add(new MemoryRun(upper[next].Address, upper[next].Length, layer, upper[next].FileOffset));
        }

        return covered;
    }

    private static MemoryRun Part(MemoryRun run, long from, long to) => run with { Address = from, Length = to - from, FileOffset = run.FileOffset + from - run.Address };

    private static List<MemoryRun> Join(List<MemoryRun> runs)
    {
        var joined = new List<MemoryRun>(runs.Count);
        foreach (var run in runs)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.End == run.Address && last.Layer == run.Layer && last.FileOffset + last.Length == run.FileOffset)
            {
                joined[^1] = last with { Length = last.Length + run.Length };
            }
            else
            {
                joined.Add(run);
            }
        }

        return joined;
    }
}
