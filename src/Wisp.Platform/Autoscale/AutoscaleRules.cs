using Wisp.Platform.Instances;
using Wisp.Platform.Naming;

namespace Wisp.Platform.Autoscale;

/// <summary>The rules that a configuration must keep. Pure.</summary>
internal static class AutoscaleRules
{
    /// <summary>Most instances that any group may have by itself.</summary>
    public const int LargestSize = 16;

    private const int MostSteps = 4;
    private const int MostPolicies = 16;
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

    /// <summary>The first rule that is broken, or null.</summary>
    public static WispError? Check(AutoscaleSettings settings) =>
        Size("min_size", settings.MinSize)
        ?? Size("max_size", settings.MaxSize)
        ?? (settings.MinSize > settings.MaxSize
            ? new WispError(ErrorCode.AutoscaleSize, $"'min_size' {settings.MinSize} is above 'max_size' {settings.MaxSize}.", "Lower the one or raise the other.")
            : null)
        ?? Time("warmup_time_ms", settings.Warmup, TimeSpan.Zero)
        ?? Time("cooldown_time_ms", settings.Cooldown, TimeSpan.Zero)
        ?? (settings.HighWatermark is >= 0 and <= 1 ? null : new WispError(ErrorCode.InvalidValue, "Value of 'high_watermark' must be in the range 0 to 1"))
        ?? (settings.Policies.Count > MostPolicies ? new WispError(ErrorCode.TooMany, $"A group has at most {MostPolicies} policies, not {settings.Policies.Count}.") : null)
        ?? settings.Policies.Select(Check).FirstOrDefault(broken => broken is not null)
        ?? (settings.Policies.GroupBy(policy => policy.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { Key: var twice }
            ? new WispError(ErrorCode.AlreadyExists, $"A policy with the name '{twice}' already exists", "Choose another name.")
            : null);

    private static WispError? Check(ScalingPolicy policy) =>
        !ResourceName.TryParse(policy.Name, out _, out var error) ? error : policy.Kind switch
        {
            PolicyKind.Step => CheckSteps(policy),
            PolicyKind.Create => InstanceRules.Range("num_requests", policy.Requests, 1, int.MaxValue),
            PolicyKind.Idle => Time("idle_time_ms", policy.IdleTime, TimeSpan.FromMilliseconds(1)),
            _ => null,
        };

    private static WispError? CheckSteps(ScalingPolicy policy)
    {
        if (policy.Steps.Count is 0 or > MostSteps)
        {
            return new WispError(ErrorCode.InvalidValue, $"Policy '{policy.Name}' has {policy.Steps.Count} steps.", $"Give it 1 to {MostSteps}.");
        }

        for (var i = 0; i < policy.Steps.Count; i++)
        {
            var step = policy.Steps[i];
            var (first, last) = (i == 0, i == policy.Steps.Count - 1);
            if ((step.Lower is null && !first) || (step.Upper is null && !last) || step.Lower >= step.Upper || (!first && step.Lower != policy.Steps[i - 1].Upper))
            {
                return new WispError(
                    ErrorCode.InvalidValue, $"Step {i + 1} of policy '{policy.Name}' does not begin where the one before it ends.",
                    "Steps are in order and without gaps; only the first may have no 'lower_bound', only the last no 'upper_bound'.");
            }

            if (Adjustment(policy, step) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    private static WispError? Adjustment(ScalingPolicy policy, ScalingStep step) => policy.Adjustment switch
    {
        ScalingAdjustment.Exact => InstanceRules.Range("adjustment", step.Adjustment, 0, LargestSize),
        ScalingAdjustment.Percentage => InstanceRules.Range("adjustment", step.Adjustment, -100, 100 * LargestSize),
        _ => InstanceRules.Range("adjustment", step.Adjustment, -LargestSize, LargestSize),
    };

    private static WispError? Size(string member, long size) => size is >= 0 and <= LargestSize
        ? null
        : new WispError(ErrorCode.AutoscaleSize, $"Value of '{member}' must be in the range 0 to {LargestSize}");

    private static WispError? Time(string member, TimeSpan time, TimeSpan least) =>
        InstanceRules.Range(member, (long)time.TotalMilliseconds, (long)least.TotalMilliseconds, (long)LongestTime.TotalMilliseconds);
}
