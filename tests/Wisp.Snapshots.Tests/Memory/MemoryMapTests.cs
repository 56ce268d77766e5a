using CsCheck;
using Wisp.Snapshots.Memory;
using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests.Memory;

public sealed class MemoryMapTests
{
    [Fact]
    public void Every_page_comes_from_the_uppermost_layer_that_has_it() => Pages.Stacks.Sample(stack =>
    {
        var seen = new (int, long)?[Pages.Count];
        foreach (var run in Compose(stack).Runs)
        {
            for (var at = 0L; at < run.Length; at += Pages.Size)
            {
                seen[(run.Address + at) / Pages.Size] = (run.Layer, run.FileOffset + at);
            }
        }

        Assert.Equal(Pages.Model(stack), seen);
    });

    [Fact]
    public void Runs_are_in_order_disjoint_and_as_few_as_can_be() => Pages.Stacks.Sample(stack =>
    {
        var runs = Compose(stack).Runs;
        Assert.All(runs, run => Assert.True(run.Length > 0));
        foreach (var (run, next) in runs.Zip(runs.Skip(1)))
        {
            Assert.True(run.End <= next.Address);
            Assert.False(run.End == next.Address && run.Layer == next.Layer && run.FileOffset + run.Length == next.FileOffset);
        }
    });

    [Fact]
    public void A_layer_between_two_parts_of_another_splits_it()
    {
        var runs = Compose([[new(0, 8 * Pages.Size, 0)], [new(2 * Pages.Size, Pages.Size, 0)]]).Runs;
        Assert.Equal(
            [new MemoryRun(0, 2 * Pages.Size, 0, 0), new(2 * Pages.Size, Pages.Size, 1, 0), new(3 * Pages.Size, 5 * Pages.Size, 0, 3 * Pages.Size)], runs);
    }

    [Fact]
    public void No_layers_are_memory_full_of_zeros() => Assert.Empty(Compose([]).Runs);

    [Fact]
    public void Extents_that_cannot_be_are_a_mistake() =>
        Assert.Throws<ArgumentException>(() => Compose([[new(Pages.MemoryBytes, Pages.Size, 0)]]));

    private static MemoryMap Compose(IReadOnlyList<IReadOnlyList<MemoryExtent>> stack) =>
        MemoryMap.Compose(Pages.MemoryBytes, [.. stack.Select((extents, layer) => new MemoryLayer($"{layer}", extents))]);
}
