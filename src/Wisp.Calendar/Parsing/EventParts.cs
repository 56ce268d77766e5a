using Wisp.Calendar.Fields;

namespace Wisp.Calendar.Parsing;

/// <summary>The parts of a calendar event. Those that are not written are: any date, midnight, no zone of its own.</summary>
internal sealed record EventParts
{
    public WeekdaySet Weekdays { get; init; }
    public CalendarField Years { get; init; } = CalendarField.Any(FieldKind.Years);
    public CalendarField Months { get; init; } = CalendarField.Any(FieldKind.Months);

    /// <summary>Days of the month, or days from its end.</summary>
    public CalendarField Days { get; init; } = CalendarField.Any(FieldKind.Days);
    public CalendarField Hours { get; init; } = CalendarField.Only(FieldKind.Hours, 0);
    public CalendarField Minutes { get; init; } = CalendarField.Only(FieldKind.Minutes, 0);
    public CalendarField Seconds { get; init; } = CalendarField.Only(FieldKind.Seconds, 0);
    public ZoneName? Zone { get; init; }
}
