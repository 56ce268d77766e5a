using System.Globalization;
using Wisp.Calendar.Fields;

namespace Wisp.Calendar.Parsing;

/// <summary>Reads lists of values: <c>*</c>, <c>1,5..9,20/3</c>.</summary>
internal static class FieldReader
{
    // As many as systemd takes.
    private const int MaxValues = 240;

    private const int FractionDigits = 6;

    /// <summary>Reads a list. Whether its values lie within the field is not looked at: which field it is turns out by what follows.</summary>
    /// <param name="cursor">Where it begins; afterwards behind it.</param>
    /// <param name="unit">What one of the field is; see <see cref="FieldKind.Unit"/>.</param>
    /// <returns>The values, null for anything; or what is wrong.</returns>
    public static (IReadOnlyList<FieldValue>? Values, string? Wrong) Read(ref TextCursor cursor, int unit)
    {
        if (cursor.Take("*"))
        {
            return (unit == 1 ? null : [new FieldValue(0, null, unit)], null);
        }

        var values = new List<FieldValue>();
        do
        {
            if (values.Count == MaxValues)
            {
                return (null, $"a list has more than {MaxValues} values");
            }

            var from = cursor.Position;
            if (ReadValue(ref cursor, unit, out var value) is { } wrong)
            {
                return (null, wrong);
            }

            if (cursor.Next is not ('\0' or ' ' or ',' or '-' or '~' or ':'))
            {
                return (null, $"'{cursor.Text[from..cursor.Position]}' goes on with '{cursor.Next}'");
            }

            values.Add(value);
        }
        while (cursor.Take(","));
        return (values, null);
    }

    private static string? ReadValue(ref TextCursor cursor, int unit, out FieldValue value)
    {
        value = default;
        int? stop = null;
        var step = 0;
        var from = cursor.Position;
        if (ReadNumber(ref cursor, unit, out var start) is { } wrong)
        {
            return wrong;
        }

        if (cursor.Take(".."))
        {
            if (ReadNumber(ref cursor, unit, out var end) is { } bad)
            {
                return bad;
            }

            (stop, step) = (end, unit);
        }

        if (cursor.Take("/"))
        {
            if (ReadNumber(ref cursor, unit, out step) is { } bad)
            {
                return bad;
            }

            if (step == 0)
            {
                return $"'{cursor.Text[from..cursor.Position]}' repeats at no distance";
            }
        }
        else if (unit > 1 && stop < (long)start + step)
        {
            return $"'{cursor.Text[from..cursor.Position]}' is a range within one second, which needs a step, such as /0.1";
        }

        value = new FieldValue(start, stop, step);
        return null;
    }

    private static string? ReadNumber(ref TextCursor cursor, int unit, out int number)
    {
        number = 0;
        var from = cursor.Position;
        var digits = Digits(cursor.Rest);
        if (digits == 0)
        {
            return $"a number is missing before {CalendarErrors.Found(cursor.Text, from)}";
        }

        var fits = long.TryParse(cursor.Rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var whole);
        cursor.Skip(digits);
        long fraction = 0;
        if (unit > 1 && cursor.Next == '.' && Digits(cursor.Rest[1..]) is > 0 and var behind)
        {
            fraction = ReadFraction(cursor.Rest.Slice(1, behind));
            cursor.Skip(1 + behind);
        }

        if (!fits || whole > int.MaxValue / unit || (whole * unit) + fraction > int.MaxValue)
        {
            return $"'{cursor.Text[from..cursor.Position]}' is too large a number";
        }

        number = (int)((whole * unit) + fraction);
        return null;
    }

    // To the nearest microsecond.
    private static int ReadFraction(ReadOnlySpan<char> digits)
    {
        var micros = 0;
        for (var index = 0; index < FractionDigits; index++)
        {
            micros = (micros * 10) + (index < digits.Length ? digits[index] - '0' : 0);
        }

        return digits.Length > FractionDigits && digits[FractionDigits] >= '5' ? micros + 1 : micros;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9');
        return count < 0 ? text.Length : count;
    }
}
