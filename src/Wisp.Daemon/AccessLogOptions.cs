using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Wisp.Gateway.Observing;

namespace Wisp.Daemon;

/// <summary>Where the gateway notes what comes.</summary>
/// <param name="Target">A file, or <see cref="AccessLog.StandardOutput"/>.</param>
/// <param name="Sample">Which part of the lines is written.</param>
internal sealed record AccessLogOptions(string Target, double Sample)
{
    private const string Variable = "WISP_ACCESS_LOG";
    private const string SampleVariable = "WISP_ACCESS_LOG_SAMPLE";

    public static Option<string?> TargetOption { get; } = GatewaySettings.Make(
        "--access-log", Variable, "FILE",
        "Write a line of JSON for each request and connection that comes to a service; - is standard output [off]. SIGHUP opens the file again.",
        text => text == AccessLog.StandardOutput ? text : Path.GetFullPath(text), "a file, or -");

    public static Option<double?> SampleOption { get; } = GatewaySettings.Make(
        "--access-log-sample", SampleVariable, "RATE", "Which part of the lines to write, such as 0.01; those of failures (5xx) are always written [1].",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate <= 1 ? rate : (double?)null, "a number from 0 to 1");

    /// <summary>What was typed, or null.</summary>
    public static AccessLogOptions? Of(ParseResult parsed) =>
        parsed.GetValue(TargetOption) is { } target ? new AccessLogOptions(target, parsed.GetValue(SampleOption) ?? 1) : null;

    /// <summary>Refuses what would do nothing.</summary>
    public static void Check(CommandResult parsed)
    {
        if (parsed.GetResult(TargetOption) is not { Implicit: false } && !GatewaySettings.IsSet(Variable))
        {
            GatewaySettings.Refuse(parsed, SampleOption, SampleVariable, TargetOption.Name);
        }
    }

    /// <summary>Opens it.</summary>
    public Result<NodeAccessLog> Open(ILogger logger) =>
        AccessLog.Open(Target, Sample, Random.Shared.NextDouble, logger).Failed(out var error, out var log) ? error : new NodeAccessLog(log);
}
