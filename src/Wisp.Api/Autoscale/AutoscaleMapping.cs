using Wisp.Contracts;
using Wisp.Contracts.Autoscale;
using Wisp.Contracts.Services;
using Wisp.Platform.Autoscale;

namespace Wisp.Api.Autoscale;

/// <summary>Shows how a group scales.</summary>
internal static class AutoscaleMapping
{
    public static AutoscaleConfiguration Show(AutoscaleView view) => view.Settings is not { } settings
        ? new() { Status = "unconfigured", Uuid = view.Uuid.ToString(), Name = view.Name, Enabled = false }
        : new()
        {
            Status = ResponseStatus.Success,
            Uuid = view.Uuid.ToString(),
            Name = view.Name,
            Enabled = true,
            MinSize = (int)settings.MinSize,
            MaxSize = (int)settings.MaxSize,
            WarmupTimeMs = (long)settings.Warmup.TotalMilliseconds,
            CooldownTimeMs = (long)settings.Cooldown.TotalMilliseconds,
            HighWatermark = settings.HighWatermark,
            Template = view.Template is { } template ? new ServiceGroupInstance(template.Uuid.ToString(), template.Name) : null,
            Policies = [.. settings.Policies.Select(Show)],
        };

    public static AutoscalePolicy Show(ScalingPolicy policy) => policy.Kind switch
    {
        PolicyKind.Step => Named(policy) with
        {
            Metric = PolicyWords.Word(policy.Metric),
            AdjustmentType = PolicyWords.Word(policy.Adjustment),
            Steps = [.. policy.Steps.Select(step => new AutoscaleStep(step.Adjustment, step.Lower, step.Upper))],
        },
        PolicyKind.Create => Named(policy) with { Replace = policy.Replace, NumRequests = policy.Requests },
        PolicyKind.Idle => Named(policy) with { IdleTimeMs = (long)policy.IdleTime.TotalMilliseconds },
        _ => Named(policy),
    };

    private static AutoscalePolicy Named(ScalingPolicy policy) => new() { Name = policy.Name, Type = PolicyWords.Word(policy.Kind), Enabled = policy.Enabled };
}
