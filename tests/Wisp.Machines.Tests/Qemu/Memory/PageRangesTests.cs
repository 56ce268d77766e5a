using CsCheck;
using Wisp.Machines.Qemu.Memory;

namespace Wisp.Machines.Tests.Qemu.Memory;

public sealed class PageRangesTests
{
    // In pages; a page is as good as 4096 bytes for what is tested.
    private static readonly Gen<List<PageRange>> Ranges =
        Gen.Select(Gen.Long[0, 200], Gen.Long[1, 20], (start, length) => new PageRange(start, start + length)).List[0, 30];

    [Fact]
    public void All_that_was_in_is_in_and_besides_only_gaps_that_are_small() =>
        Gen.Select(Ranges, Gen.Long[0, 10]).Sample((ranges, gap) =>
        {
            var joined = PageRanges.Join(ranges, gap);
            var before = Pages(ranges);
            var after = Pages(joined);
            Assert.Superset(before, after);
            foreach (var page in after.Except(before))
            {
                // The gap it lies in, from the last page before it to the first behind it.
                var from = before.Where(other => other < page).Max();
                var to = before.Where(other => other > page).Min();
                Assert.InRange(to - from - 1, 1, gap);
            }
        });

    [Fact]
    public void They_are_in_order_and_farther_apart_than_the_gap() =>
        Gen.Select(Ranges, Gen.Long[0, 10]).Sample((ranges, gap) =>
        {
            var joined = PageRanges.Join(ranges, gap);
            Assert.All(joined.Zip(joined.Skip(1)), pair => Assert.True(pair.Second.Start - pair.First.End > gap));
        });

    private static HashSet<long> Pages(IEnumerable<PageRange> ranges) =>
        [.. ranges.SelectMany(range => Enumerable.Range((int)range.Start, (int)(range.End - range.Start)).Select(page => (long)page))];
}
