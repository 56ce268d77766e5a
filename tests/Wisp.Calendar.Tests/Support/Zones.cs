using CsCheck;

namespace Wisp.Calendar.Tests.Support;

/// <summary>Time zones, and the nights in which their clocks are changed.</summary>
internal static class Zones
{
    // By an hour at night, at midnight, by half an hour, by a day.
    private static readonly string[] Peculiar =
    [
        "Europe/Berlin", "America/New_York", "America/Havana", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran", "Africa/Cairo", "America/Asuncion", "Asia/Beirut",
    ];

    // Where it is winter and not summer that clocks are changed for, systemd takes the hour that is left out for one that is past, and gives up the
    // rest of that day; where two hours are left out, or one that does not begin with an hour, it leaves out as much of what comes behind.
    private static readonly string[] NotAlike =
    [
        "Europe/Dublin", "Eire", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Windhoek",
        "Antarctica/Troll", "America/St_Johns", "Canada/Newfoundland", "America/Goose_Bay",
        "Pacific/Chatham", "NZ-CHAT", "Asia/Gaza", "Asia/Hebron",
    ];

    /// <summary>Any zone of this machine.</summary>
    public static readonly Gen<string> Any = Gen.Frequency(
        (1, Gen.OneOf(Peculiar)), (1, Gen.OneOf([.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Except(NotAlike)])), (1, Gen.Const("UTC")));

    /// <summary>A zone, and a moment when its clocks are changed.</summary>
    public static readonly Gen<(string Zone, DateTimeOffset At)> Changes = Gen.Select(Gen.OneOf(Peculiar), Gen.Int[1990, 2036], Gen.Int[0, 3])
        .Select((zone, year, which) => (zone, changes: Find(TimeZoneInfo.FindSystemTimeZoneById(zone), year), which))
        .Where(found => found.changes.Count > 0)
        .Select(found => (found.zone, found.changes[found.which % found.changes.Count]));

    private static IReadOnlyList<DateTimeOffset> Find(TimeZoneInfo zone, int year)
    {
        var begin = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return [.. Enumerable.Range(0, 365 * 24).Select(hour => begin.AddHours(hour)).Where(time => zone.GetUtcOffset(time) != zone.GetUtcOffset(time.AddHours(1))).Select(time => time.AddHours(1))];
    }
}
