using System.Globalization;
using System.Text.RegularExpressions;

namespace Wisp.Bench.Measuring;

/// <summary>What the gateway says of a wake in <c>Server-Timing</c>.</summary>
/// <param name="Hold">From the request's arrival until it could be forwarded.</param>
/// <param name="Wake">The part of it that the wake took.</param>
/// <param name="WakeNumber">How many wakes the instance has had, this one counted.</param>
/// <param name="FirstByte">From forwarding to the first byte of the answer.</param>
public sealed partial record ServerTiming(TimeSpan Hold, TimeSpan Wake, long WakeNumber, TimeSpan FirstByte)
{
    /// <summary>Reads the header; null when it is not the gateway's.</summary>
    public static ServerTiming? Parse(string? header)
    {
        var match = Pattern().Match(header ?? "");
        return match.Success
            ? new ServerTiming(Time(match, "hold"), Time(match, "wake"), long.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture), Time(match, "ttfb"))
            : null;
    }

    private static TimeSpan Time(Match match, string group) =>
        TimeSpan.FromMilliseconds(double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        """hold;dur=(?<hold>[\d.]+), *wake;dur=(?<wake>[\d.]+);desc="(?<number>\d+)", *ttfb;dur=(?<ttfb>[\d.]+)""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
