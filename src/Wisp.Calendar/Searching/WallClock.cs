namespace Wisp.Calendar.Searching;

/// <summary>What clocks on the wall show in a time zone, and when. Wall times are of no kind.</summary>
internal sealed class WallClock(TimeZoneInfo zone)
{
    // Zones are within 14 hours of UTC: before this nothing of what a clock on the wall shows can have been, after it all of it has.
    private static readonly TimeSpan Reach = TimeSpan.FromHours(15);

    /// <summary>What a clock shows.</summary>
    public DateTime Show(DateTime utc) => DateTime.SpecifyKind(utc + Offset(utc), DateTimeKind.Unspecified);

    /// <summary>
    /// When a clock shows a time, not before another moment. A time that is shown twice, since clocks are put back, counts the first time,
    /// unless that is before; one that is never shown, since clocks are put forward, is not.
    /// </summary>
    /// <param name="wall">What is shown.</param>
    /// <param name="notBefore">The moment, in UTC.</param>
    /// <param name="next">Where it is never shown: what a clock shows first after it.</param>
    public DateTime? Find(DateTime wall, DateTime notBefore, out DateTime next)
    {
        next = wall;
        var asUtc = DateTime.SpecifyKind(wall, DateTimeKind.Utc);
        var (before, after) = (asUtc - Reach, asUtc + Reach);
        // Clocks are put forward or back once in that time at most.
        var (early, late) = (Offset(before), Offset(after));
        var first = asUtc - (early > late ? early : late);
        var second = asUtc - (early > late ? late : early);
        if (Show(first) == wall && first >= notBefore)
        {
            return first;
        }

        if (Show(second) == wall && second >= notBefore)
        {
            return second;
        }

        if (Show(first) != wall && Show(second) != wall)
        {
            next = Show(Change(before, after));
        }

        return null;
    }

    private TimeSpan Offset(DateTime utc) => zone.GetUtcOffset(utc);

    // The moment when clocks are put forward or back, to the tick.
    private DateTime Change(DateTime before, DateTime after)
    {
        var offset = Offset(before);
        while (after.Ticks - before.Ticks > 1)
        {
            var middle = new DateTime(before.Ticks + ((after.Ticks - before.Ticks) / 2), DateTimeKind.Utc);
            if (Offset(middle) == offset)
            {
                before = middle;
            }
            else
            {
                after = middle;
            }
        }

        return after;
    }
}
