using System.Text;

namespace Wisp.Calendar.Fields;

/// <summary>Days of the week; none is any. Bit 0 is Monday.</summary>
internal readonly record struct WeekdaySet(int Bits)
{
    private const int All = 0x7f;

    private static readonly string[] Names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <summary>True when any day will do.</summary>
    public bool IsAny => Bits is 0 or All;

    /// <summary>Whether a day is one of them.</summary>
    public bool Has(DayOfWeek day) => IsAny || (Bits & (1 << (((int)day + 6) % 7))) != 0;

    /// <summary>With all days from one to another, Monday being 0.</summary>
    public WeekdaySet With(int from, int to) => new(Bits | ((1 << (to + 1)) - (1 << from)));

    /// <summary>Writes them as <c>systemd-analyze calendar</c> does: three in a row are a range, two are not.</summary>
    public void Write(StringBuilder text)
    {
        var before = text.Length;
        for (var day = 0; day < Names.Length; day++)
        {
            if ((Bits & (1 << day)) == 0)
            {
                continue;
            }

            var last = day;
            while (last + 1 < Names.Length && (Bits & (1 << (last + 1))) != 0)
            {
                last++;
            }

            text.Append(text.Length > before ? "," : "").Append(Names[day]);
            if (last > day)
            {
                text.Append(last > day + 1 ? ".." : ",").Append(Names[last]);
            }

            day = last;
        }
    }
}
