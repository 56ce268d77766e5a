namespace Wisp.Bench.Measuring;

/// <summary>The values of <c>unit</c>.</summary>
internal static class Units
{
    public const string Milliseconds = "ms";
    public const string Seconds = "s";
    public const string Ratio = "ratio";
    public const string Count = "count";
    public const string Percent = "percent";
    public const string Mebibytes = "mib";
    public const string RequestsPerSecond = "rps";
}
