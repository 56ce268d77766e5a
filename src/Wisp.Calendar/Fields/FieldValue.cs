using System.Globalization;
using System.Text;

namespace Wisp.Calendar.Fields;

/// <summary>One item of a list: a value, a range, or either with a step. In the units of its field.</summary>
/// <param name="Start">The value, or where the range begins.</param>
/// <param name="Stop">Where the range ends; null without a range.</param>
/// <param name="Step">How far apart its values are; 0 for a single value.</param>
internal readonly record struct FieldValue(int Start, int? Stop, int Step) : IComparable<FieldValue>
{
    /// <summary>The same values with a range that ends at its last one.</summary>
    public FieldValue Normalised()
    {
        if (Stop is not { } stop || stop < Start || Step == 0)
        {
            return this;
        }

        var last = stop - ((stop - Start) % Step);
        return last == Start ? new FieldValue(Start, null, 0) : this with { Stop = last };
    }

    /// <summary>Whether it lies within its field, and has more than one value where it claims so.</summary>
    public bool Fits(FieldKind kind)
    {
        if (Start < kind.From || Start > kind.To || Step > kind.To - kind.From)
        {
            return false;
        }

        if (Stop is { } stop)
        {
            return stop <= kind.To && (long)Start + Step <= stop;
        }

        // Days from the end of the month are repeated towards it, that is downwards.
        return kind.Name == FieldKind.DaysFromEnd.Name ? Start - Step >= kind.From : (long)Start + Step <= kind.To;
    }

    /// <summary>Its smallest value at or above another, in a field that ends somewhere; null when there is none.</summary>
    public int? NextFrom(int least, int end)
    {
        if (Start >= least)
        {
            return Start <= end ? Start : null;
        }

        if (Step == 0)
        {
            return null;
        }

        var next = Start + (((long)least - Start + Step - 1) / Step * Step);
        return next <= Math.Min(Stop ?? end, end) ? (int)next : null;
    }

    /// <inheritdoc/>
    public int CompareTo(FieldValue other) =>
        (Start, Stop ?? -1, Step).CompareTo((other.Start, other.Stop ?? -1, other.Step));

    /// <summary>Writes it as <c>systemd-analyze calendar</c> does.</summary>
    public void Write(StringBuilder text, FieldKind kind)
    {
        var digits = "D" + kind.Width.ToString(CultureInfo.InvariantCulture);
        Write(text, Start, kind.Unit, digits);
        if (Stop is { } stop)
        {
            text.Append("..");
            Write(text, stop, kind.Unit, digits);
        }

        // A range has a step of one anyway.
        if (Step > 0 && !(Stop is not null && Step == kind.Unit))
        {
            text.Append('/');
            Write(text, Step, kind.Unit, "D");
        }
    }

    private static void Write(StringBuilder text, int value, int unit, string digits)
    {
        text.Append((value / unit).ToString(digits, CultureInfo.InvariantCulture));
        if (value % unit is > 0 and var fraction)
        {
            text.Append('.').Append(fraction.ToString("D6", CultureInfo.InvariantCulture));
        }
    }
}
