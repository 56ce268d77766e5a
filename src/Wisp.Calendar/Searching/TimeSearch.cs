using Wisp.Calendar.Parsing;

namespace Wisp.Calendar.Searching;

/// <summary>Finds the times of day of a calendar event.</summary>
internal sealed class TimeSearch(EventParts parts)
{
    /// <summary>The first time of day at or after another, which has no part of a microsecond; null when there is none on that day any more.</summary>
    public TimeSpan? NextFrom(TimeSpan time)
    {
        var (hour, minute, micros) = (time.Hours, time.Minutes, (int)(time.Ticks % TimeSpan.TicksPerMinute / TimeSpan.TicksPerMicrosecond));
        while (parts.Hours.NextFrom(hour) is { } nextHour)
        {
            (minute, micros) = nextHour == hour ? (minute, micros) : (0, 0);
            hour = nextHour;
            while (parts.Minutes.NextFrom(minute) is { } nextMinute)
            {
                micros = nextMinute == minute ? micros : 0;
                minute = nextMinute;
                if (parts.Seconds.NextFrom(micros) is { } found)
                {
                    return new TimeSpan(hour, minute, 0) + TimeSpan.FromMicroseconds(found);
                }

                (minute, micros) = (minute + 1, 0);
            }

            (hour, minute, micros) = (hour + 1, 0, 0);
        }

        return null;
    }
}
