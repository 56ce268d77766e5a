namespace Wisp.Calendar.Parsing;

/// <summary>Reads the time zone at the end of a calendar event.</summary>
internal static class ZoneSuffix
{
    private const string Utc = " UTC";

    // Files with leap seconds in them: clocks that count those are not the ones that run here.
    private const string WithLeapSeconds = "right/";

    /// <summary>Takes the zone off.</summary>
    /// <param name="text">The whole.</param>
    /// <returns>What comes before it, and the zone; null where none is named.</returns>
    public static (string Before, ZoneName? Zone) Split(string text)
    {
        if (text.EndsWith(Utc, StringComparison.OrdinalIgnoreCase))
        {
            return (text[..^Utc.Length], ZoneName.Utc);
        }

        var space = text.LastIndexOf(' ');
        return space >= 0 && Find(text[(space + 1)..]) is { } zone ? (text[..space], zone) : (text, null);
    }

    private static ZoneName? Find(string name) =>
        IsName(name)
        && !name.StartsWith(WithLeapSeconds, StringComparison.Ordinal)
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        // One that was found before is found in any case; the names of zones are names of files, and those have a case.
        && (zone.Id == name || File.Exists(Path.Combine(Directory, name)))
            ? new ZoneName(name, zone)
            : null;

    private const string Directory = "/usr/share/zoneinfo";

    // So that no path leads out of the directory of zones.
    private static bool IsName(string name) =>
        name.Length > 0
        && !name.AsSpan().ContainsAnyExcept(Allowed)
        && name[0] != '/' && name[^1] != '/'
        && !name.Contains("//", StringComparison.Ordinal);

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/");
}
