namespace Wisp.Calendar.Fields;

/// <summary>A part of a date or a time: what it is called, and what it can be.</summary>
/// <param name="Name">As messages call it, with its article.</param>
/// <param name="From">The smallest value.</param>
/// <param name="To">The largest value.</param>
/// <param name="Unit">What one of it is: seconds are counted in microseconds, everything else in itself.</param>
/// <param name="Width">How many digits it is written with at least.</param>
internal sealed record FieldKind(string Name, int From, int To, int Unit, int Width)
{
    /// <summary>Microseconds in a second.</summary>
    public const int Second = 1_000_000;

    public static readonly FieldKind Years = new("a year", 1970, 2199, 1, 4);
    public static readonly FieldKind Months = new("a month", 1, 12, 1, 2);
    public static readonly FieldKind Days = new("a day", 1, 31, 1, 2);

    // No more than every month has.
    public static readonly FieldKind DaysFromEnd = new("a day from the end of the month", 1, 28, 1, 2);

    // A peculiarity of systemd, kept so that what is taken here is taken there: in a list of days from the end the limit falls with each.
    private const int FallInList = 3;
    public static readonly FieldKind Hours = new("an hour", 0, 23, 1, 2);
    public static readonly FieldKind Minutes = new("a minute", 0, 59, 1, 2);
    public static readonly FieldKind Seconds = new("a second", 0, (60 * Second) - 1, Second, 2);

    /// <summary>What a value can be that is not the first of a list.</summary>
    /// <param name="place">How many there are before it.</param>
    public FieldKind At(int place) => Name == DaysFromEnd.Name ? this with { To = To - (FallInList * place) } : this;
}
