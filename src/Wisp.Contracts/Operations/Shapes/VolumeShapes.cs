namespace Wisp.Contracts.Operations.Shapes;

internal static class VolumeShapes
{
    private static readonly Member Policy = Member.Word("quota_policy", "static", "dynamic");

    private static readonly Member Access = Member.Word("access_mode", "rwo", "rox", "rwx");

    public static Shape Create { get; } = Shape.Of(
        "CreateVolume", Member.Text("name"), Member.Integer("size_mb"), Member.Text("host_path"), Member.Object("template", CommonShapes.Reference), Policy,
        Member.Text("filesystem"), Member.Texts("tags"), Member.Integer("uid"), Member.Integer("gid"), Access, Member.Map("args"));

    public static Member[] Attach { get; } = [Member.Object("attach_to", CommonShapes.Reference).Needed(), Member.Text("at").Needed(), Member.Boolean("readonly")];

    public static Member[] Detach { get; } = [Member.Object("from", CommonShapes.Reference)];

    public static Member[] Clone { get; } = [Member.Text("vol_name"), Policy, Member.Texts("tags"), Access];

    public static Member[] Changes { get; } = CommonShapes.Change("size_mb", "tags", "quota_policy", "delete_lock");

    public static Member[] TemplateChanges { get; } = CommonShapes.Change("tags", "delete_lock");
}
