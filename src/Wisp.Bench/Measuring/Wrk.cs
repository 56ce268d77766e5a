using System.Globalization;
using System.Text.RegularExpressions;
using Wisp.Tools;

namespace Wisp.Bench.Measuring;

/// <summary>Load by wrk.</summary>
internal static partial class Wrk
{
    /// <summary>What came of it.</summary>
    /// <param name="Rate">Requests per second.</param>
    /// <param name="P99">Ninety-nine of a hundred answers took no longer.</param>
    internal readonly record struct Load(double Rate, TimeSpan P99);

    /// <summary>Load over 32 connections kept alive.</summary>
    public static async Task<Result<Load>> RunAsync(IToolRunner tools, Uri url, int seconds, CancellationToken cancellation)
    {
        var ran = await tools.RunAsync(new ToolCommand("wrk", "-t", "1", "-c", "32", "-d", $"{seconds}s", "--latency", "--timeout", "30s", url.ToString()), null, cancellation);
        return ran.Failed(out var error, out var output) ? error
            : output.Ok ? Parse(output.Stdout)
            : new WispError(ErrorCode.OperationFailed, $"wrk failed: {output.LastLine}");
    }

    /// <summary>Reads what wrk prints. A rate with failures in it is no rate. Pure.</summary>
    public static Result<Load> Parse(string text)
    {
        if (Trouble().Match(text) is { Success: true } trouble)
        {
            return new WispError(ErrorCode.OperationFailed, $"wrk met failures: {trouble.Value.Trim()}.");
        }

        var (rate, slowest) = (Rate().Match(text), Percentile().Match(text));
        return rate.Success && slowest.Success
            ? new Load(Number(rate, "rate"), TimeSpan.FromMicroseconds(Math.Round(Number(slowest, "time") * slowest.Groups["unit"].Value switch { "us" => 1, "ms" => 1e3, _ => 1e6 })))
            : new WispError(ErrorCode.OperationFailed, "wrk printed no rate.");
    }

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Requests/sec: *(?<rate>[\d.]+)", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^ *99% *(?<time>[\d.]+)(?<unit>us|ms|s)", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Percentile();

    [GeneratedRegex(@"^ *(Non-2xx or 3xx responses|Socket errors): .*$", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Trouble();
}
