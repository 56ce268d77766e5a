using System.Globalization;

namespace Wisp.Platform.Instances;

/// <summary>Reads STOPSIGNAL as Dockerfiles write it. Pure.</summary>
internal static class StopSignal
{
    private const int Term = 15;

    // Linux numbers on x86-64 (signal(7)).
    private static readonly Dictionary<string, int> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HUP"] = 1, ["INT"] = 2, ["QUIT"] = 3, ["ABRT"] = 6, ["KILL"] = 9, ["USR1"] = 10, ["USR2"] = 12, ["TERM"] = Term,
        ["WINCH"] = 28, ["PWR"] = 30,
    };

    /// <summary>The signal's number; SIGTERM when nothing or nonsense is given, as Docker does.</summary>
    public static int Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Term;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and <= 64 ? number : Term;
        }

        const string rtmin = "RTMIN+";
        var name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        if (name.StartsWith(rtmin, StringComparison.OrdinalIgnoreCase)
            && int.TryParse(name.AsSpan(rtmin.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            && offset <= 30)
        {
            return 34 + offset;
        }

        return Names.GetValueOrDefault(name, Term);
    }
}
