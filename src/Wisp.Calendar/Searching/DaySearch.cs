using System.Numerics;
using Wisp.Calendar.Fields;
using Wisp.Calendar.Parsing;

namespace Wisp.Calendar.Searching;

/// <summary>Finds the days of a calendar event.</summary>
internal sealed class DaySearch(EventParts parts)
{
    /// <summary>The first day at or after another; null when there is none any more.</summary>
    public DateOnly? NextFrom(DateOnly day)
    {
        var (year, month, from) = (day.Year, day.Month, day.Day);
        while (parts.Years.NextFrom(year) is { } nextYear)
        {
            (month, from) = nextYear == year ? (month, from) : (1, 1);
            year = nextYear;
            while (parts.Months.NextFrom(month) is { } nextMonth)
            {
                from = nextMonth == month ? from : 1;
                month = nextMonth;
                if (NextIn(year, month, from) is { } found)
                {
                    return found;
                }

                (month, from) = (month + 1, 1);
            }

            (year, month, from) = (year + 1, 1, 1);
        }

        return null;
    }

    private DateOnly? NextIn(int year, int month, int from)
    {
        // Days before the first that counts are none.
        var days = DaysOf(DateTime.DaysInMonth(year, month)) & (uint.MaxValue << from);
        while (days != 0)
        {
            var day = new DateOnly(year, month, BitOperations.TrailingZeroCount(days));
            if (parts.Weekdays.Has(day.DayOfWeek))
            {
                return day;
            }

            days &= days - 1;
        }

        return null;
    }

    // Bit 1 is the first.
    private uint DaysOf(int length)
    {
        uint days = 0;
        foreach (var value in parts.Days.Values)
        {
            var counted = parts.Days.Kind == FieldKind.DaysFromEnd ? FromEnd(value, length) : value;
            for (int? day = counted.Start; day is { } set; day = counted.NextFrom(set + 1, length))
            {
                days |= set <= length ? 1u << set : 0;
            }
        }

        return days;
    }

    private static FieldValue FromEnd(FieldValue value, int length) => value.Stop is { } stop
        ? new FieldValue(length - stop + 1, length - value.Start + 1, value.Step)
        : value with { Start = length - value.Start + 1 };
}
