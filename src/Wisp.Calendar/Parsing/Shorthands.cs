namespace Wisp.Calendar.Parsing;

/// <summary>Words that stand for a calendar event.</summary>
internal static class Shorthands
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["minutely"] = "*:*:00",
        ["hourly"] = "*:00:00",
        ["daily"] = "*-*-* 00:00:00",
        ["weekly"] = "Mon *-*-* 00:00:00",
        ["monthly"] = "*-*-01 00:00:00",
        ["quarterly"] = "*-01,04,07,10-01 00:00:00",
        ["semiannually"] = "*-01,07-01 00:00:00",
        ["semi-annually"] = "*-01,07-01 00:00:00",
        ["biannually"] = "*-01,07-01 00:00:00",
        ["bi-annually"] = "*-01,07-01 00:00:00",
        ["annually"] = "*-01-01 00:00:00",
        ["yearly"] = "*-01-01 00:00:00",
        // systemd once spelled it so, and takes it since.
        ["anually"] = "*-01-01 00:00:00",
    };

    /// <summary>What a word stands for; anything else is itself.</summary>
    public static string Expand(string text) => Words.GetValueOrDefault(text, text);
}
