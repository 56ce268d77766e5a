namespace Wisp.Contracts.Operations.Shapes;

/// <summary>Requests to the control plane.</summary>
internal static class NodeShapes
{
    private static readonly Shape Key = Shape.Of("SshKey", Member.Text("name").Needed(), Member.Text("public_key").Needed());

    public static Shape Provision { get; } = Shape.Of(
        "ProvisionNode", Member.Text("name"), Member.Word("cloudprovider", "manual", "aws"), Member.Objects("ssh_keys", Key), Member.Map("tags"),
        Member.Any("cloudprovider_config"), Member.Text("metro"), Member.Map("platform_config"), Member.Texts("image_pulls"), Member.Integer("net_count"));

    public static Member[] Changes { get; } =
    [
        Member.Word("property", "tags", "delete_lock", "ssh_keys").Needed(), Member.Word("operation", "set", "add", "del").Needed(), Member.Text("value"),
    ];

    public static Shape Activate { get; } = Shape.Of("ActivateNode", Member.Text("csr").Needed(), Member.Text("secret"), Member.Text("serial"));

    public static Shape Deactivate { get; } = Shape.Of("DeactivateNode", Member.Text("serial").Needed());

    public static Shape Signin { get; } = Shape.Of(
        "Signin", Member.Text("hostname").Needed(), Member.Text("os"), Member.Text("os_version"), Member.Boolean("container"), Member.Text("distro"), Member.Text("distro_version"),
        Member.Text("distro_codename"), Member.Text("cli_version"), Member.Text("goarch"), Member.Text("goos"), Member.Text("go_version"));

    public static Shape Check { get; } = Shape.Of("CheckAuthorization", Member.Text("request_id").Needed());
}
