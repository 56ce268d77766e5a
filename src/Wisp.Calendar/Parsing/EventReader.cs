using System.Globalization;
using Wisp.Calendar.Fields;

namespace Wisp.Calendar.Parsing;

/// <summary>Reads a calendar event: <c>[WEEKDAYS] [[YEAR-]MONTH-DAY] [HOUR:MINUTE[:SECOND]] [ZONE]</c>.</summary>
internal static class EventReader
{
    /// <summary>Reads it.</summary>
    public static Result<EventParts> Read(string text)
    {
        var (rest, zone) = ZoneSuffix.Split(text);
        if (rest.Length == 0)
        {
            return CalendarErrors.Of(text, "it says no time");
        }

        // In such a text the end would look like a character of it.
        if (rest.Contains('\0', StringComparison.Ordinal))
        {
            return CalendarErrors.Of(text.Replace("\0", "\\0", StringComparison.Ordinal), "it has a NUL in it");
        }

        var cursor = new TextCursor(Shorthands.Expand(rest));
        var parts = new EventParts { Zone = zone };
        if (WeekdayReader.Read(ref cursor, out var weekdays) is { } wrong)
        {
            return CalendarErrors.Of(text, wrong);
        }

        parts = parts with { Weekdays = weekdays };
        if (cursor.Next == '@')
        {
            return ReadTimestamp(ref cursor, ref parts) is { } bad ? CalendarErrors.Of(text, bad) : parts;
        }

        return (ReadDate(ref cursor, ref parts) ?? ReadTime(ref cursor, ref parts)) is { } broken ? CalendarErrors.Of(text, broken) : parts;
    }

    // Nothing is read when there is a time only.
    private static string? ReadDate(ref TextCursor cursor, ref EventParts parts)
    {
        if (cursor.AtEnd)
        {
            return null;
        }

        var begin = cursor;
        var (first, wrong) = FieldReader.Read(ref cursor, 1);
        if (wrong is not null)
        {
            return wrong;
        }

        if (cursor.AtEnd || cursor.Next == ':')
        {
            cursor = begin;
            return null;
        }

        var fromEnd = cursor.Next == '~';
        if (!fromEnd && cursor.Next != '-')
        {
            return $"'{begin.Rest}' is neither a date nor a time";
        }

        cursor.Skip(1);
        (var second, wrong) = FieldReader.Read(ref cursor, 1);
        if (wrong is not null)
        {
            return wrong;
        }

        IReadOnlyList<FieldValue>? year = null, month = first, day = second;
        if (!(cursor.AtEnd || cursor.Next == ' '))
        {
            if (fromEnd || cursor.Next is not ('-' or '~'))
            {
                return $"a date does not go on with '{cursor.Rest}'";
            }

            fromEnd = cursor.Next == '~';
            cursor.Skip(1);
            (var third, wrong) = FieldReader.Read(ref cursor, 1);
            if (wrong is not null)
            {
                return wrong;
            }

            if (!(cursor.AtEnd || cursor.Next == ' '))
            {
                return $"a date does not go on with '{cursor.Rest}'";
            }

            (year, month, day) = (TwoDigitYears(first), second, third);
        }

        cursor.SkipSpaces();
        if (!CalendarField.TryMake(FieldKind.Years, year, out var years, out wrong)
            || !CalendarField.TryMake(FieldKind.Months, month, out var months, out wrong)
            || !CalendarField.TryMake(fromEnd && day is not null ? FieldKind.DaysFromEnd : FieldKind.Days, day, out var days, out wrong))
        {
            return wrong;
        }

        parts = parts with { Years = years, Months = months, Days = days };
        return null;
    }

    private static string? ReadTime(ref TextCursor cursor, ref EventParts parts)
    {
        if (cursor.AtEnd)
        {
            return null;
        }

        var begin = cursor;
        var (hour, wrong) = FieldReader.Read(ref cursor, 1);
        if (wrong is not null)
        {
            return wrong;
        }

        if (!cursor.Take(":"))
        {
            return cursor.AtEnd ? $"'{begin.Rest}' is no time: minutes are missing" : $"'{begin.Rest}' is no time";
        }

        (var minute, wrong) = FieldReader.Read(ref cursor, 1);
        if (wrong is not null)
        {
            return wrong;
        }

        IReadOnlyList<FieldValue>? second = [new FieldValue(0, null, 0)];
        if (cursor.Take(":"))
        {
            (second, wrong) = FieldReader.Read(ref cursor, FieldKind.Second);
            if (wrong is not null)
            {
                return wrong;
            }
        }

        if (!cursor.AtEnd)
        {
            return $"'{cursor.Rest.TrimStart(' ')}' is left over, and is no time zone that is known here";
        }

        if (!CalendarField.TryMake(FieldKind.Hours, hour, out var hours, out wrong)
            || !CalendarField.TryMake(FieldKind.Minutes, minute, out var minutes, out wrong)
            || !CalendarField.TryMake(FieldKind.Seconds, second, out var seconds, out wrong))
        {
            return wrong;
        }

        parts = parts with { Hours = hours, Minutes = minutes, Seconds = seconds };
        return null;
    }

    // Seconds since 1970, always in UTC.
    private static string? ReadTimestamp(ref TextCursor cursor, ref EventParts parts)
    {
        var digits = cursor.Rest[1..].TrimStart(' ');
        digits = digits.StartsWith('+') ? digits[1..] : digits;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return $"'{cursor.Rest}' is no number of seconds since 1970";
        }

        if (seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() || DateTimeOffset.FromUnixTimeSeconds(seconds) is var time && time.Year > FieldKind.Years.To)
        {
            return $"'{cursor.Rest}' is after the year {FieldKind.Years.To}";
        }

        parts = parts with
        {
            Zone = ZoneName.Utc,
            Years = CalendarField.Only(FieldKind.Years, time.Year),
            Months = CalendarField.Only(FieldKind.Months, time.Month),
            Days = CalendarField.Only(FieldKind.Days, time.Day),
            Hours = CalendarField.Only(FieldKind.Hours, time.Hour),
            Minutes = CalendarField.Only(FieldKind.Minutes, time.Minute),
            Seconds = CalendarField.Only(FieldKind.Seconds, time.Second * FieldKind.Second),
        };
        return null;
    }

    private static IReadOnlyList<FieldValue>? TwoDigitYears(IReadOnlyList<FieldValue>? years) =>
        years is null ? null : [.. years.Select(year => year with { Start = FourDigits(year.Start), Stop = year.Stop is { } stop ? FourDigits(stop) : null })];

    private static int FourDigits(int year) => year switch { < 70 => year + 2000, < 100 => year + 1900, _ => year };
}
