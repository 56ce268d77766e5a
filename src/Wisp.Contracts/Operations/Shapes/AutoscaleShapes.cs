namespace Wisp.Contracts.Operations.Shapes;

internal static class AutoscaleShapes
{
    private static readonly Shape Step = Shape.Of("AutoscaleStep", Member.Integer("adjustment").Needed(), Member.Integer("lower_bound"), Member.Integer("upper_bound"));

    private static readonly Member[] PolicyMembers =
    [
        Member.Boolean("enabled"), Member.Word("metric", "cpu", "inflight_reqs", "reqs_per_sec"), Member.Word("adjustment_type", "change", "exact", "percentage", "percent"),
        Member.Objects("steps", Step), Member.Boolean("replace"), Member.Integer("num_requests"), Member.Integer("idle_time_ms"),
    ];

    private static readonly Shape Nested = Shape.Of("AutoscalePolicy", [Member.Text("name"), Member.Text("type"), .. PolicyMembers]);

    private static readonly Shape Rom = Shape.Of("AutoscaleRom", Member.Text("name").Needed(), Member.TextOrObject("image", CommonShapes.ImageSource), Member.Any("files"));

    private static readonly Shape Arguments = Shape.Of("AutoscaleCreateArgs", Member.Object("template", CommonShapes.Reference), Member.Objects("roms", Rom));

    public static Shape Policy { get; } = Shape.Of("CreateAutoscalePolicy", [Member.Text("name").Needed(), Member.TextOrObject("type", Nested), .. PolicyMembers]);

    public static Member[] Configuration { get; } =
    [
        Member.Integer("min_size"), Member.Integer("max_size"), Member.Integer("warmup_time_ms"), Member.Integer("cooldown_time_ms"), Member.Object("create_args", Arguments),
        Member.Object("template", CommonShapes.Reference), Member.Objects("policies", Policy), Member.Any("high_watermark", "0 to 1; 0 is off"),
    ];

    public static Shape PolicyName { get; } = Shape.Of("AutoscalePolicyName", Member.Text("name").Needed());
}
