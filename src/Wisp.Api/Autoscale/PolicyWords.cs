using Wisp.Platform.Autoscale;

namespace Wisp.Api.Autoscale;

/// <summary>The words of policies, and what they stand for.</summary>
internal static class PolicyWords
{
    /// <summary>The kind of a policy; what is not said is a step policy.</summary>
    public static PolicyKind? Kind(string? word) => word switch
    {
        null or "step" => PolicyKind.Step,
        "on_demand" => PolicyKind.OnDemand,
        "create" => PolicyKind.Create,
        "idle" => PolicyKind.Idle,
        _ => null,
    };

    /// <summary>What is measured.</summary>
    public static ScalingMetric? Metric(string? word) => word switch
    {
        null or "cpu" => ScalingMetric.Cpu,
        "inflight_reqs" => ScalingMetric.InflightReqs,
        "reqs_per_sec" => ScalingMetric.ReqsPerSec,
        _ => null,
    };

    /// <summary>What the numbers of steps mean.</summary>
    public static ScalingAdjustment? Adjustment(string? word) => word switch
    {
        null or "change" => ScalingAdjustment.Change,
        "exact" => ScalingAdjustment.Exact,
        "percentage" or "percent" => ScalingAdjustment.Percentage,
        _ => null,
    };

    /// <summary>The word of a kind.</summary>
    public static string Word(PolicyKind kind) => kind == PolicyKind.OnDemand ? "on_demand" : kind.ToString().ToLowerInvariant();

    /// <summary>The word of a metric.</summary>
    public static string Word(ScalingMetric metric) => metric switch
    {
        ScalingMetric.InflightReqs => "inflight_reqs",
        ScalingMetric.ReqsPerSec => "reqs_per_sec",
        _ => "cpu",
    };

    /// <summary>The word of an adjustment.</summary>
    public static string Word(ScalingAdjustment adjustment) => adjustment.ToString().ToLowerInvariant();
}
