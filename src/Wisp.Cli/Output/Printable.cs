namespace Wisp.Cli.Output;

/// <summary>Text that others wrote (names, messages of guests), made harmless for a terminal. Pure.</summary>
internal static class Printable
{
    /// <summary>One line without control characters, so that nothing in it moves the cursor or forges another line.</summary>
    public static string Line(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)) : text;
}
