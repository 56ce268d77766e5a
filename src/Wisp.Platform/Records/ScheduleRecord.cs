using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Wisp.Calendar;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Records;

/// <summary>What is durable of a schedule.</summary>
internal sealed record ScheduleRecord
{
    // Reading and searching it costs more than all else that is done with it, and who sleeps until the next one asks for that of all of them.
    private StrongBox<DateTimeOffset?>? _nextAt;

    public required string Name { get; init; }

    /// <summary>The calendar event as it was written.</summary>
    public required string When { get; init => (field, _nextAt) = (value, null); }

    public required ScheduleAction Action { get; init; }

    /// <summary>Since when its times count: those before are carried out, or were never meant.</summary>
    public required DateTimeOffset Since { get; init => (field, _nextAt) = (value, null); }

    /// <summary>The first time that is not carried out yet; it lies in the past when nobody was there to do it. Null when it never comes.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextAt => (_nextAt ??= new(NextAfter(Since))).Value;

    /// <summary>Whether its calendar event can be read, which it could when it was made: the time zones of the host may be others by now.</summary>
    [JsonIgnore]
    public Result<CalendarEvent> Event => CalendarEvent.Parse(When);

    /// <summary>The last of its times until now that are not carried out yet; null when there is none.</summary>
    public DateTimeOffset? LastDue(DateTimeOffset now)
    {
        if (NextAt is not { } first || first > now)
        {
            return null;
        }

        // From near to far, so that what comes each minute need not be followed through a year that nobody was there.
        foreach (var days in (double[])[1.0 / 24, 1, 32, 367])
        {
            var from = now - TimeSpan.FromDays(days);
            if (from > Since && NextAfter(from) is { } found && found <= now)
            {
                return LastFrom(found, now);
            }
        }

        return LastFrom(first, now);
    }

    private DateTimeOffset LastFrom(DateTimeOffset last, DateTimeOffset now)
    {
        while (NextAfter(last) is { } next && next <= now)
        {
            last = next;
        }

        return last;
    }

    private DateTimeOffset? NextAfter(DateTimeOffset moment) => Event.Failed(out _, out var calendar) ? null : calendar.Next(moment, TimeZoneInfo.Utc);
}
