using Xunit.Sdk;

namespace Wisp.Calendar.Tests.Support;

/// <summary>Compares our answers with systemd's.</summary>
internal static class Comparison
{
    // Up to here the files of time zones list every change. Behind it they state a rule, of which .NET misreads some (such as 24 o'clock).
    private const int LastKnownYear = 2036;

    /// <summary>Asks both for the same, and fails when they differ in what they take, in how they write it, or in when it comes.</summary>
    /// <param name="zone">The time zone of the host.</param>
    /// <param name="after">The moment after which times are asked for.</param>
    /// <param name="count">How many.</param>
    /// <param name="events">The events.</param>
    public static async Task AssertSameAsync(string zone, DateTimeOffset after, int count, IEnumerable<string> events)
    {
        // It prints what it was asked without the spaces at the end.
        var distinct = events.Where(given => given.Length > 0).DistinctBy(given => given.TrimEnd(' '), StringComparer.Ordinal).ToArray();
        var answers = await SystemdAnalyze.AskAsync(zone, after, count, distinct);
        var local = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var wrong = new List<string>();
        foreach (var given in distinct)
        {
            if (await DiffersAsync(given, answers.GetValueOrDefault(given.TrimEnd(' ')), local, after, count) is { } difference)
            {
                wrong.Add(difference);
            }
        }

        if (wrong.Count > 0)
        {
            throw new XunitException($"In {zone} after {after:u}, {wrong.Count} of {distinct.Length} differ:\n{string.Join('\n', wrong.Take(20))}");
        }
    }

    private static async Task<string?> DiffersAsync(string given, SystemdAnswer? theirs, TimeZoneInfo local, DateTimeOffset after, int count)
    {
        if (CalendarEvent.Parse(given).Failed(out var error, out var ours))
        {
            return theirs is null ? null : $"{given}: refused, though systemd takes it: {error.Message}";
        }

        if (theirs is null)
        {
            return $"{given}: taken as {ours}, though systemd refuses it";
        }

        if (theirs.Normalised.Length > 0 && ours.ToString() != theirs.Normalised)
        {
            return $"{given}: written {ours}, by systemd {theirs.Normalised}";
        }

        var (from, index) = (after, 0);
        for (; index < count; index++)
        {
            var next = ours.Next(from, local);
            if (index >= theirs.Times.Count)
            {
                return next is null || theirs.Times.Count == 0 && theirs.Normalised.Length == 0 ? null : $"{given}: comes {next:u}, by systemd never after {from:u}";
            }

            var expected = theirs.Times[index];
            var zone = ours.Zone ?? local;
            if (!zone.Equals(TimeZoneInfo.Utc) && expected.Year > LastKnownYear)
            {
                return null;
            }

            if (next is null || next.Value.ToUnixTimeSeconds() != expected.ToUnixTimeSeconds()
                && !IsTheOther(given, next.Value, expected, zone) && !await IsLeftOutAsync(given, from, next.Value, expected, zone, local))
            {
                return $"{given}: comes {next:u} after {from:u}, by systemd {expected:u}";
            }

            // What is less than a second is not printed.
            from = next.Value.ToUnixTimeSeconds() == expected.ToUnixTimeSeconds() ? next.Value : expected;
        }

        return null;
    }

    // Of a time that comes twice, systemd takes the one with the offset that it met last in its search. That is the first one, as ours always is;
    // but on the first of a month just after midnight it may have come from winter, and days from the end of a month it counts from behind.
    private static bool IsTheOther(string given, DateTimeOffset ours, DateTimeOffset theirs, TimeZoneInfo zone)
    {
        var (our, their) = (TimeZoneInfo.ConvertTime(ours, zone).DateTime, TimeZoneInfo.ConvertTime(theirs, zone).DateTime);
        return ours < theirs && our == their && (our is { Day: 1, Hour: < 3 } || given.Contains('~', StringComparison.Ordinal));
    }

    // What is repeated without an end, systemd repeats beyond the end of the hour or day as well, and goes on from there: '*:0/7' does not come at
    // midnight after 23:56, nor '*:*:3/18' at 16:00:03 after 15:59:57. So it is left out, but it is one of those that are meant: asked from the
    // microsecond before, systemd says so.
    private static async Task<bool> IsLeftOutAsync(
        string given, DateTimeOffset from, DateTimeOffset ours, DateTimeOffset theirs, TimeZoneInfo zone, TimeZoneInfo local)
    {
        if (ours >= theirs || !given.Contains('/', StringComparison.Ordinal) || Hour(from) == Hour(ours))
        {
            return false;
        }

        var answers = await SystemdAnalyze.AskAsync(local.Id, ours.AddMicroseconds(-1), 1, [given]);
        return answers.Values.Single().Times is [var time] && time.ToUnixTimeSeconds() == ours.ToUnixTimeSeconds();

        DateTime Hour(DateTimeOffset moment)
        {
            var wall = TimeZoneInfo.ConvertTime(moment, zone).DateTime;
            return wall.Date.AddHours(wall.Hour);
        }
    }
}
