namespace Wisp.Cli.Writing;

/// <summary>What of volumes can be written.</summary>
internal static class VolumeProperties
{
    private static readonly Property Tags = new("tags", "tags", Values.List) { Kind = PropertyKind.List, Change = "tags" };
    private static readonly Property DeleteLock = new("delete-lock", null, Values.Flag) { Change = "delete_lock" };

    public static PropertySet Volume { get; } = new(
        Resources.Stores.Volume.Fields,
        new("name", "name", Values.Text), new("size", "size_mb", Values.Memory) { Change = "size_mb" }, new("filesystem", "filesystem", Values.Text),
        new("quota-policy", "quota_policy", Values.Text) { Change = "quota_policy" }, new("access-mode", "access_mode", Values.Text), new("host-path", "host_path", Values.Text),
        new("uid", "uid", Values.Number), new("gid", "gid", Values.Number), new("template", "template", Values.Ref), Tags, DeleteLock);

    public static PropertySet Template { get; } = new(Resources.Stores.VolumeTemplate.Fields, Tags, DeleteLock);
}
