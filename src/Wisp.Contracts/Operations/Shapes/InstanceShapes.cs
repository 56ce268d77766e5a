namespace Wisp.Contracts.Operations.Shapes;

internal static class InstanceShapes
{
    private static readonly Shape File = Shape.Of("InlineFile", Member.Text("path").Needed(), Member.Word("encoding", "text", "base64"), Member.Text("data").Needed());

    private static readonly Shape Rom = Shape.Of(
        "Rom", Member.Text("name").Needed(), Member.TextOrObject("image", CommonShapes.ImageSource), Member.Text("at"), Member.Objects("files", File));

    private static readonly Shape Plugin = Shape.Of(
        "Plugin", Member.Text("name").Needed(), Member.TextOrObject("rom", CommonShapes.ImageSource), Member.TextOrObject("image", CommonShapes.ImageSource),
        Member.Any("config"), Member.Any("authorization"));

    private static readonly Shape ScaleToZero = Shape.Of(
        "ScaleToZero", Member.Boolean("enabled"), Member.Word("policy", "off", "on", "idle"), Member.Boolean("stateful", "keeps its memory"),
        Member.Integer("cooldown_time_ms"), Member.Integer("notify_time_ms"));

    private static readonly Shape Volume = Shape.About(
        "InstanceVolume", Member.Integer("size_mb"), Member.Text("host_path"), Member.Text("at").Needed(), Member.Boolean("readonly"), Member.Text("quota_policy"),
        Member.Text("filesystem"), Member.Texts("tags"), Member.Integer("uid"), Member.Integer("gid"), Member.Word("access_mode", "rwo", "rox", "rwx"), Member.Map("args"));

    private static readonly Shape Schedule = Shape.Of(
        "Schedule", Member.Text("name").Needed(), Member.Text("when").Needed(), Member.Word("action", "start", "stop", "delete", "exec", "checkpoint").Needed(), Member.Texts("args"));

    private static readonly Shape Relay = Shape.About("Relay", Member.Boolean("relay_dns"));

    private static readonly Shape Interface = Shape.Of(
        "NetworkInterface", Member.Text("name"), Member.Text("tap_name"), Member.Text("ip"), Member.Text("mac"), Member.Boolean("autoconfig"), Member.Object("relay", Relay));

    private static readonly Shape ServiceGroup = Shape.About("InstanceServiceGroup", [.. ServiceShapes.Definition]);

    private static readonly Shape Autokill = Shape.Of("InstanceAutokill", Member.Integer("time_ms", "0 is never"), Member.Integer("num_requests"));

    private static readonly Shape Template = Shape.About(
        "InstanceTemplate", Member.Boolean("prepare"), Member.Any("create_args", "what the template is made of: the members of this very object"),
        Member.Integer("prepare_timeout_s"), Member.Object("autokill", CommonShapes.Lifetime));

    public static Shape Create { get; } = Shape.Of(
        "CreateInstance", Member.Text("name"), Member.TextOrObject("image", CommonShapes.ImageSource), Member.Object("template", Template),
        Member.Object("checkpoint", CommonShapes.Reference), Member.Object("branch_from", CommonShapes.Reference), Member.Texts("args"), Member.Map("env"),
        Member.Integer("memory_mb"), Member.Integer("vcpus"), Member.Object("service_group", ServiceGroup), Member.Objects("volumes", Volume), Member.Boolean("autostart"),
        Member.Integer("replicas"), Member.Word("restart_policy", "never", "always", "on-failure"), Member.Object("scale_to_zero", ScaleToZero), CommonShapes.Timeout,
        Member.Integer("wait_timeout_ms"), Member.Texts("features", "delete-on-stop"), Member.Objects("roms", Rom), Member.Objects("plugins", Plugin), Member.Texts("tags"),
        Member.Map("annotations"), Member.Word("sched_priority", "normal", "medium", "high", "admin"), Member.Word("schedprio_policy", "normal", "medium", "high", "admin"), Member.Objects("schedules", Schedule), Member.Object("autokill", Autokill),
        Member.Text("hostname"), Member.Objects("dependencies", CommonShapes.Reference), Member.Text("gateway"), Member.Text("nameserver"),
        Member.Objects("network_interfaces", Interface), Member.Word("type", "micro", "full"), Member.Integer("gpus"), Member.Boolean("vsock"),
        Member.Integer("min_memory_mb"), Member.Integer("max_memory_mb"), Member.Integer("boot_memory_mb"), Member.Integer("min_vcpus"), Member.Integer("max_vcpus"),
        Member.Integer("boot_vcpus"), Member.Boolean("cold", "Wisp's own: every start boots"));

    public static Member[] Changes { get; } = CommonShapes.Change(
        "image", "args", "env", "memory_mb", "vcpus", "scale_to_zero", "tags", "delete_lock", "schedules", "autokill", "hostname", "roms", "dependencies",
        "sched_priority", "plugins", "annotations", "restart_policy", "vsock");

    public static Member[] Start { get; } = [CommonShapes.Timeout, Member.Integer("wait_timeout_ms"), Member.Boolean("cold", "Wisp's own: boots whatever it could be restored from")];

    public static Member[] Stop { get; } =
    [
        Member.Boolean("force"), Member.Integer("drain_timeout_ms", "-1 is the platform's maximum"), Member.Boolean("quick"), Member.Text("ifstate", "only in this state"),
        Member.Boolean("dump"),
    ];

    public static Member[] Suspend { get; } = [Member.Integer("drain_timeout_ms", "-1 is the platform's maximum")];

    public static Member[] Delete { get; } =
    [
        Member.Integer("timeout_s", "seconds to wait until it is gone; 0 and -1 are without end"), Member.Boolean("dont_retain", "nothing of it is kept, whatever the node keeps of others"),
    ];

    public static Member[] Wait { get; } = [Member.Texts("state", "default running"), new("timeout_s", MemberType.Integers), new("timeout_ms", MemberType.Integers)];

    public static Member[] Log { get; } = [new("offset", MemberType.Integers) { Summary = "negative counts from the end" }, new("limit", MemberType.Integers)];

    public static Shape Convert { get; } = Shape.About("CreateTemplate", CommonShapes.Timeout, Member.Object("autokill", CommonShapes.Lifetime));

    public static Shape Checkpoint { get; } = Shape.Of(
        "CreateCheckpoint", Member.Object("from", CommonShapes.Reference).Needed(), Member.Text("name"), CommonShapes.Timeout, Member.Texts("tags"),
        Member.Object("autokill", CommonShapes.Lifetime));
}
