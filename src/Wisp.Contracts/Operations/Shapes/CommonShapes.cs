namespace Wisp.Contracts.Operations.Shapes;

internal static class CommonShapes
{
    public static Shape Reference { get; } = Shape.Of("NameOrUuid", Member.Text("uuid"), Member.Text("name"));

    public static Shape Lifetime { get; } = Shape.Of("Lifetime", Member.Integer("time_ms", "0 is never"));

    public static Shape ImageSource { get; } = Shape.Of(
        "ImageSource", Member.Text("url").Needed(), Member.Text("credentials"), Member.Map("headers"), Member.Word("pull_policy", "always", "if_not_present", "never"));

    public static Member Timeout { get; } = Member.Integer("timeout_s", "seconds to wait; 0 does not, -1 is the platform's maximum");

    /// <summary>A change of a property.</summary>
    public static Member[] Change(params string[] properties) =>
    [
        Member.Text("id", "echoed"), Member.Word("prop", properties).Needed(), Member.Word("op", "set", "add", "del").Needed(), Member.Any("value"),
    ];

    /// <summary>Which ones.</summary>
    public static Member[] References { get; } = [Member.Texts("uuid"), Member.Texts("name")];

    /// <summary>Which ones of a list, and how.</summary>
    public static Member[] List { get; } =
    [
        .. References, Member.Boolean("details", "false leaves name and uuid"), Member.Integer("count", "0 is all"),
        Member.Text("from", "after this uuid, or from this time on"), Member.Word("order", "asc", "desc"), Member.Word("sortby", "create_time"),
    ];

    public static Member[] TaggedList { get; } = [.. List, Member.Texts("tags", "it has all of them")];
}
