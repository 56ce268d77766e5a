namespace Wisp.Machines.Qemu.Memory;

/// <summary>Sets of pages as sorted, disjoint ranges. Pure.</summary>
internal static class PageRanges
{
    /// <summary>
    /// All of them, in order, with those joined that lie at most so far apart: each range is an mmap when it is restored, and a few pages
    /// more on disk cost less than one of these.
    /// </summary>
    public static List<PageRange> Join(IEnumerable<PageRange> ranges, long gap)
    {
        var joined = new List<PageRange>();
        foreach (var range in ranges.OrderBy(range => range.Start))
        {
            if (joined.Count > 0 && range.Start - joined[^1].End <= gap)
            {
                joined[^1] = joined[^1] with { End = Math.Max(joined[^1].End, range.End) };
            }
            else
            {
                joined.Add(range);
            }
        }

        return joined;
    }
}
