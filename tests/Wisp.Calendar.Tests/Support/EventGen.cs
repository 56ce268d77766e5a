using CsCheck;

namespace Wisp.Calendar.Tests.Support;

/// <summary>Makes calendar events: mostly good ones, with values at the ends and a little beyond.</summary>
internal static class EventGen
{
    private static readonly string[] Days =
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Monday", "tuesday", "WEDNESDAY", "Thursday", "fri", "Saturday", "sUn"];

    private static readonly Gen<string> Weekdays =
        Gen.Frequency(
                (3, Gen.OneOf(Days)),
                (1, Gen.Select(Gen.OneOf(Days), Gen.OneOf("..", "-"), Gen.OneOf(Days), (from, dash, to) => from + dash + to)))
            .Array[1, 3].Select(parts => string.Join(',', parts));

    private static readonly Gen<string> Date = Gen.Frequency(
        (2, Gen.Select(Field(1, 12), Field(1, 31), (month, day) => $"{month}-{day}")),
        (2, Gen.Select(Field(1, 12), Field(1, 28), (month, day) => $"{month}~{day}")),
        (3, Gen.Select(Years(), Field(1, 12), Field(1, 31), (year, month, day) => $"{year}-{month}-{day}")),
        (2, Gen.Select(Years(), Field(1, 12), Field(1, 28), (year, month, day) => $"{year}-{month}~{day}")),
        (2, Gen.Const("*-*-*")));

    private static readonly Gen<string> Seconds = Gen.Frequency((3, Field(0, 59)), (1, Fractions()));

    private static readonly Gen<string> Time = Gen.Frequency(
        (2, Gen.Select(Field(0, 23), Field(0, 59), (hour, minute) => $"{hour}:{minute}")),
        (2, Gen.Select(Field(0, 23), Field(0, 59), Seconds, (hour, minute, second) => $"{hour}:{minute}:{second}")));

    /// <summary>Events that name no zone.</summary>
    public static readonly Gen<string> Local = Gen.Select(Gen.Int[1, 7], Weekdays, Date, Time, Gen.OneOf(" ", " ", "  "), (which, weekdays, date, time, space) =>
        string.Join(space, new[] { (which & 1) != 0 ? weekdays : "", (which & 2) != 0 ? date : "", (which & 4) != 0 ? time : "" }.Where(part => part.Length > 0)));

    /// <summary>Events that come often, so that what clocks do at night matters.</summary>
    public static readonly Gen<string> Nightly =
        Gen.Select(Gen.OneOf("", "", "Sun ", "Sat,Sun ", "*-*-1 ", "*-* ", "*-*~1 ", "*-*-1..7 "), Field(0, 4), Field(0, 59), (date, hour, minute) => $"{date}{hour}:{minute}");

    /// <summary>Anything that looks like one.</summary>
    public static readonly Gen<string> Scribbles = Gen.Select(
        Gen.OneOf(Local, Gen.OneOf("daily", "weekly UTC", "@1700000000", "Mon..Fri 1:00 Europe/Berlin", "*-*~1/3 *:0:0.5/0.25")),
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 2], Gen.OneOf([.. " *-~:,./0123456789MonUTC@+".Select(character => character.ToString())])).Array[1, 3],
        (text, changes) => changes.Aggregate(text, Change));

    private static string Change(string text, (int At, int How, string What) change)
    {
        var at = Math.Min(change.At, text.Length);
        return change.How switch
        {
            0 => text.Insert(at, change.What),
            1 when at < text.Length => text.Remove(at, 1),
            2 when at < text.Length => text.Remove(at, 1).Insert(at, change.What),
            _ => text,
        };
    }

    private static Gen<string> Years() => Gen.Frequency((3, Gen.Const("*")), (2, Field(1970, 2199)), (2, Field(2000, 2040)), (1, Field(0, 101)));

    private static Gen<string> Field(int from, int to)
    {
        // One in some hundred lies outside.
        var number = Gen.Frequency((40, Gen.Int[from, to]), (20, Gen.Int[from, from + ((to - from) / 3)]), (1, Gen.Int[Math.Max(0, from - 1), to + 1]))
            .SelectMany(value => Gen.Bool.Select(padded => padded ? value.ToString("D2") : value.ToString()));
        var step = Gen.Int[1, Math.Max(2, (to - from) / 3)];
        var range = Gen.Select(Gen.Int[from, to], Gen.Int[0, Math.Max(2, (to - from) / 2)], (start, length) => $"{start}..{Math.Min(to, start + length)}");
        var value = Gen.Frequency(
            (8, number), (3, range), (3, Gen.Select(number, step, (start, by) => $"{start}/{by}")),
            (2, Gen.Select(range, step, (given, by) => $"{given}/{by}")));
        return Gen.Frequency((3, Gen.Const("*")), (6, value), (3, value.Array[2, 4].Select(values => string.Join(',', values))));
    }

    private static Gen<string> Fractions()
    {
        var number = Gen.Select(Gen.Int[0, 59], Gen.OneOf("", ".5", ".25", ".125", ".000001", ".9999995", ".1234567", ".10"), (whole, part) => whole + part);
        var step = Gen.OneOf("0.5", "0.25", "1.5", "7.3", "10", "0.333333", "30.0000004");
        return Gen.Frequency(
            (2, number),
            (2, Gen.Select(number, step, (start, by) => $"{start}/{by}")),
            (1, Gen.Select(number, number, (start, stop) => $"{start}..{stop}")),
            (2, Gen.Select(number, number, step, (start, stop, by) => $"{start}..{stop}/{by}")));
    }
}
