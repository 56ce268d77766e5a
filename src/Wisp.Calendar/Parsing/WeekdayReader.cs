using Wisp.Calendar.Fields;

namespace Wisp.Calendar.Parsing;

/// <summary>Reads days of the week: <c>Mon..Fri,Sun</c>, in English, long or short.</summary>
internal static class WeekdayReader
{
    private static readonly string[] Names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>Reads them and the spaces behind, if they are there at all.</summary>
    /// <param name="cursor">Where they may begin; afterwards behind them.</param>
    /// <param name="days">The days; none when there are none.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(ref TextCursor cursor, out WeekdaySet days)
    {
        days = default;
        int? first = null;
        var any = false;
        while (true)
        {
            var from = cursor.Position;
            if (ReadDay(ref cursor) is not { } day)
            {
                return any ? $"a day of the week is missing before {CalendarErrors.Found(cursor.Text, from)}" : null;
            }

            any = true;
            if (cursor.Next is not ('\0' or '-' or '.' or ',' or ' '))
            {
                return $"'{cursor.Text[from..]}' does not begin with a day of the week";
            }

            if (first > day)
            {
                return $"the days of the week end before they begin, from {Names[first.Value][..3]} to {Names[day][..3]}";
            }

            days = days.With(first ?? day, day);
            if (cursor.Take(".."))
            {
                if (first is not null)
                {
                    return "a range of days of the week has more than two ends";
                }

                first = day;
            }
            else if (cursor.Next == '-')
            {
                // The way ranges were written once.
                if (first is not null)
                {
                    return "a range of days of the week has more than two ends";
                }

                cursor.Skip(1);
                first = day;
            }
            else if (cursor.Next == '.')
            {
                return $"'{cursor.Text[from..]}' does not begin with a day of the week";
            }
            else
            {
                first = null;
                cursor.Take(",");
            }

            // A comma may come last, a range must have its end.
            if (cursor.Next is '\0' or ' ')
            {
                cursor.SkipSpaces();
                return first is null ? null : "a range of days of the week has no end";
            }
        }
    }

    private static int? ReadDay(ref TextCursor cursor)
    {
        for (var day = 0; day < Names.Length; day++)
        {
            foreach (var name in (ReadOnlySpan<string>)[Names[day], Names[day][..3]])
            {
                if (cursor.Rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                {
                    cursor.Skip(name.Length);
                    return day;
                }
            }
        }

        return null;
    }
}
