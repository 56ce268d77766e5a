using System.Text;
using Wisp.Calendar.Fields;
using Wisp.Calendar.Parsing;
using Wisp.Calendar.Searching;

namespace Wisp.Calendar;

/// <summary>
/// Moments that come again by the calendar, in the words of systemd (systemd.time(7), "Calendar events"): <c>Mon..Fri 8:30</c>,
/// <c>*-*~1 22:00 Europe/Berlin</c>, <c>hourly</c>. Immutable, pure but for the time zones of the system.
/// </summary>
/// <remarks>
/// It takes and refuses what <c>systemd-analyze calendar</c> does, with two exceptions: names of the host's own time zone in its two halves
/// of the year (<c>CEST</c>), which say something else on each host, and zones that count leap seconds (<c>right/…</c>).
/// </remarks>
public sealed class CalendarEvent
{
    private readonly EventParts _parts;
    private readonly DaySearch _days;
    private readonly TimeSearch _times;

    private CalendarEvent(EventParts parts) => (_parts, _days, _times) = (parts, new DaySearch(parts), new TimeSearch(parts));

    /// <summary>The time zone that it names; null when it goes by whatever zone it is asked in.</summary>
    public TimeZoneInfo? Zone => _parts.Zone?.Zone;

    /// <summary>Reads one.</summary>
    /// <returns>It; or an <see cref="ErrorCode.InvalidValue"/> that names the part that is wrong.</returns>
    public static Result<CalendarEvent> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EventReader.Read(text).Failed(out var error, out var parts) ? error : new CalendarEvent(parts);
    }

    /// <summary>
    /// The first moment after another. Where clocks are put forward, times that they leave out do not come; where they are put back, a time
    /// that comes twice counts once, the first time.
    /// </summary>
    /// <param name="after">The moment after which it is looked for.</param>
    /// <param name="zone">The time zone it goes by when it names none.</param>
    /// <returns>The moment, in UTC; null when it never comes again.</returns>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var clock = new WallClock(Zone ?? zone);
        // Everything is counted in microseconds, so this is the first moment that is after.
        var least = new DateTime(after.UtcTicks - (after.UtcTicks % TimeSpan.TicksPerMicrosecond) + TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        if (least.Year < FieldKind.Years.From)
        {
            least = DateTime.UnixEpoch;
        }

        if (least.Year > FieldKind.Years.To + 1)
        {
            return null;
        }

        DateTime? wall = clock.Show(least);
        while ((wall = NextShown(wall.Value)) is { } shown)
        {
            if (clock.Find(shown, least, out var next) is { } found)
            {
                return new DateTimeOffset(found);
            }

            wall = next > shown ? next : shown.AddMicroseconds(1);
        }

        return null;
    }

    /// <summary>It in its normalised form, as <c>systemd-analyze calendar</c> prints it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (!_parts.Weekdays.IsAny)
        {
            _parts.Weekdays.Write(text);
            text.Append(' ');
        }

        _parts.Years.Write(text);
        text.Append('-');
        _parts.Months.Write(text);
        text.Append(_parts.Days.Kind == FieldKind.DaysFromEnd ? '~' : '-');
        _parts.Days.Write(text);
        text.Append(' ');
        _parts.Hours.Write(text);
        text.Append(':');
        _parts.Minutes.Write(text);
        text.Append(':');
        _parts.Seconds.Write(text);
        if (_parts.Zone is { } zone)
        {
            text.Append(' ').Append(zone.Name);
        }

        return text.ToString();
    }

    // The first time on the wall at or after another, whether clocks ever show it or not.
    private DateTime? NextShown(DateTime wall)
    {
        var (day, time) = (DateOnly.FromDateTime(wall), (TimeSpan?)wall.TimeOfDay);
        while (_days.NextFrom(day) is { } next)
        {
            time = next == day ? time : TimeSpan.Zero;
            if (_times.NextFrom(time!.Value) is { } found)
            {
                return next.ToDateTime(TimeOnly.FromTimeSpan(found));
            }

            (day, time) = (next.AddDays(1), TimeSpan.Zero);
        }

        return null;
    }
}
