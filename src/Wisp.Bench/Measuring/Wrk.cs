using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Wisp.Tools;

namespace Wisp.Bench.Measuring;

/// <summary>Load by wrk.</summary>
internal static partial class Wrk
{
    /// <summary>Requests per second over 32 connections.</summary>
    public static async Task<Result<double>> RunAsync(IToolRunner tools, IPEndPoint server, int seconds, CancellationToken cancellation)
    {
        var ran = await tools.RunAsync(new ToolCommand("wrk", "-t", "1", "-c", "32", "-d", $"{seconds}s", "--timeout", "30s", $"http://{server}/"), null, cancellation);
        return ran.Failed(out var error, out var output) ? error
            : output.Ok ? Parse(output.Stdout)
            : new WispError(ErrorCode.OperationFailed, $"wrk failed: {output.LastLine}");
    }

    /// <summary>Reads what wrk prints. A rate with failures in it is no rate. Pure.</summary>
    public static Result<double> Parse(string text)
    {
        if (Trouble().Match(text) is { Success: true } trouble)
        {
            return new WispError(ErrorCode.OperationFailed, $"wrk met failures: {trouble.Value.Trim()}.");
        }

        var rate = Rate().Match(text);
        return rate.Success
            ? double.Parse(rate.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture)
            : new WispError(ErrorCode.OperationFailed, "wrk printed no rate.");
    }

    [GeneratedRegex(@"^Requests/sec: *(?<rate>[\d.]+)", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^ *(Non-2xx or 3xx responses|Socket errors): .*$", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Trouble();
}
