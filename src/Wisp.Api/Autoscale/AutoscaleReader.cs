using System.Text.Json;
using Wisp.Api.Reading;
using Wisp.Platform.Autoscale;

namespace Wisp.Api.Autoscale;

/// <summary>Reads how a group scales. Policies come flat, or with what they are inside <c>type</c>.</summary>
internal static class AutoscaleReader
{
    public static Result<ConfigureAutoscale> Read(JsonObjectReader body)
    {
        var arguments = body.Object("create_args");
        var given = (AtTop: body.Object("template"), InArguments: arguments?.Object("template"));
        var roms = arguments?.Objects("roms") is { Count: > 0 };
        arguments?.End();
        var policies = body.Objects("policies");
        var request = new ConfigureAutoscale
        {
            MinSize = body.Integer("min_size"),
            MaxSize = body.Integer("max_size"),
            Warmup = Time(body, "warmup_time_ms"),
            Cooldown = Time(body, "cooldown_time_ms"),
        };
        if (Watermark(body.Any("high_watermark")).Failed(out var error, out var watermark))
        {
            return error;
        }

        body.End();
        if (roms)
        {
            return new WispError(ErrorCode.NotSupported, "'roms' is not supported.", "Leave it out.");
        }

        if (given is { AtTop: not null, InArguments: not null })
        {
            return new WispError(ErrorCode.NotBoth, "Give 'template' at the top or in 'create_args', not both.");
        }

        if ((given.AtTop ?? given.InArguments) is { } template)
        {
            var (reference, wrong) = Target.Parse(template);
            template.End();
            if (wrong is not null)
            {
                return wrong;
            }

            request = request with { Template = reference };
        }

        var read = new List<ScalingPolicy>();
        foreach (var one in policies ?? [])
        {
            if (ReadPolicy(one).Failed(out error, out var policy))
            {
                return error;
            }

            read.Add(policy);
        }

        return request with { Policies = policies is null ? null : read, HighWatermark = watermark };
    }

    /// <summary>Reads a policy.</summary>
    public static Result<ScalingPolicy> ReadPolicy(JsonObjectReader body)
    {
        var name = body.String("name");
        var nested = body.IsObject("type") ? body.Object("type") : null;
        var members = nested ?? body;
        var inner = nested?.String("name");
        var type = members.String("type");
        var policy = new ScalingPolicy
        {
            Name = (name ?? inner ?? "").ToLowerInvariant(),
            Enabled = members.Boolean("enabled") ?? true,
            Requests = members.Integer("num_requests") ?? 0,
            Replace = members.Boolean("replace") ?? false,
            IdleTime = Time(members, "idle_time_ms") ?? TimeSpan.Zero,
        };
        var (metric, adjustment, steps) = (members.String("metric"), members.String("adjustment_type"), members.Objects("steps") ?? []);
        var read = steps.Select(step =>
        {
            var one = new ScalingStep(step.Integer("lower_bound"), step.Integer("upper_bound"), step.Integer("adjustment") ?? 0);
            step.End();
            return one;
        }).ToArray();
        nested?.End();
        body.End();
        return PolicyWords.Kind(type) is not { } kind ? Wrong("type", type, "step, on_demand, create or idle")
            : PolicyWords.Metric(metric) is not { } measured ? Wrong("metric", metric, "cpu, inflight_reqs or reqs_per_sec")
            : PolicyWords.Adjustment(adjustment) is not { } meant ? Wrong("adjustment_type", adjustment, "change, exact or percentage")
            : policy with { Kind = kind, Metric = measured, Adjustment = meant, Steps = read };
    }

    private static TimeSpan? Time(JsonObjectReader body, string member) =>
        body.Integer(member) is { } given ? TimeSpan.FromMilliseconds(Math.Clamp(given, -1, (long)TimeSpan.FromDays(10_000).TotalMilliseconds)) : null;

    private static Result<double?> Watermark(JsonElement? given) => given switch
    {
        null => (double?)null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var value) => value,
        _ => new WispError(ErrorCode.InvalidValue, "'high_watermark' must be a number."),
    };

    private static WispError Wrong(string member, string? given, string wanted) => new(ErrorCode.InvalidValue, $"'{given}' is not a valid '{member}'.", $"Use {wanted}.");
}
