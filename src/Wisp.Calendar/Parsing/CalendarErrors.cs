namespace Wisp.Calendar.Parsing;

/// <summary>Says what is wrong with a calendar event.</summary>
internal static class CalendarErrors
{
    /// <summary>The error that names the part that is wrong.</summary>
    /// <param name="text">The whole as it was written.</param>
    /// <param name="what">The part, and what is wrong with it.</param>
    public static WispError Of(string text, string what) => new(
        ErrorCode.InvalidValue,
        $"'{text}' is not a calendar event: {what}.",
        "Write it like 'Mon..Fri 8:30', '*-*-1 02:00 Europe/Berlin', '*:0/15' or 'daily'.",
        "calendar-event");

    /// <summary>What is found at a place, as messages call it.</summary>
    public static string Found(string text, int position) => position < text.Length ? $"'{text[position..]}'" : "its end";
}
