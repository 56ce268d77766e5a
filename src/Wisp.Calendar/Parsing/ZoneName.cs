namespace Wisp.Calendar.Parsing;

/// <summary>A time zone as it was named.</summary>
/// <param name="Name">The name; zones have several.</param>
/// <param name="Zone">The zone.</param>
internal sealed record ZoneName(string Name, TimeZoneInfo Zone)
{
    /// <summary>UTC.</summary>
    public static readonly ZoneName Utc = new("UTC", TimeZoneInfo.Utc);
}
