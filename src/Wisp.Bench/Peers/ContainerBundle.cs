using System.Text.Json.Nodes;
using Wisp.Images;
using Wisp.Tools;

namespace Wisp.Bench.Peers;

/// <summary>An OCI bundle with the root filesystem of a stored image.</summary>
/// <param name="Directory">The bundle.</param>
internal sealed record ContainerBundle(string Directory)
{
    /// <summary>Unpacks the image and writes the configuration.</summary>
    /// <param name="image">The image.</param>
    /// <param name="networkNamespace">Path of the network namespace to run in.</param>
    /// <param name="directory">Where to; made here.</param>
    /// <param name="tools">Runs fsck.erofs.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Result<ContainerBundle>> MakeAsync(
        StoredImage image, string networkNamespace, string directory, IToolRunner tools, CancellationToken cancellation)
    {
        var root = Path.Combine(directory, "rootfs");
        System.IO.Directory.CreateDirectory(directory);
        var unpacked = await tools.RunAsync(new ToolCommand("fsck.erofs", "--extract=" + root, image.RootFilesystem), null, cancellation);
        if (unpacked.Failed(out var error, out var output))
        {
            return error;
        }

        if (!output.Ok)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot unpack {image.RootFilesystem}: {output.LastLine}");
        }

        var passwd = Path.Combine(root, "etc", "passwd");
        var user = ContainerUser.Find(image.Configuration.User, File.Exists(passwd) ? await File.ReadAllTextAsync(passwd, cancellation) : "");
        if (user is null)
        {
            return new WispError(ErrorCode.InvalidValue, $"The image's user '{image.Configuration.User}' is not in its /etc/passwd.");
        }

        await File.WriteAllTextAsync(
            Path.Combine(directory, "config.json"), Configure(image.Configuration, user, networkNamespace).ToJsonString(), cancellation);
        return new ContainerBundle(directory);
    }

    /// <summary>
    /// The configuration (OCI runtime-spec, "config.md"): what an engine such as podman gives a container, less what costs time and
    /// is not needed (seccomp filter, control groups), so that the peer looks rather better than worse. Pure.
    /// </summary>
    public static JsonObject Configure(ImageConfiguration image, ContainerUser user, string networkNamespace) => new()
    {
        ["ociVersion"] = "1.0.0",
        ["process"] = new JsonObject
        {
            ["terminal"] = false,
            ["user"] = new JsonObject { ["uid"] = user.Uid, ["gid"] = user.Gid },
            ["args"] = Strings([.. image.Entrypoint, .. image.Cmd]),
            ["env"] = Strings(image.Env),
            ["cwd"] = image.WorkingDir.Length > 0 ? image.WorkingDir : "/",
            ["noNewPrivileges"] = true,
        },
        ["root"] = new JsonObject { ["path"] = "rootfs", ["readonly"] = true },
        ["mounts"] = new JsonArray(
            Mount("/proc", "proc"), Mount("/dev", "tmpfs"), Mount("/sys", "sysfs", "ro"), Mount("/tmp", "tmpfs"), Mount("/run", "tmpfs")),
        ["linux"] = new JsonObject
        {
            ["namespaces"] = new JsonArray(
                Namespace("pid"), Namespace("ipc"), Namespace("uts"), Namespace("mount"),
                new JsonObject { ["type"] = "network", ["path"] = networkNamespace }),
        },
    };

    private static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];

    private static JsonObject Mount(string destination, string type, params IEnumerable<string> options) => new()
    {
        ["destination"] = destination, ["type"] = type, ["source"] = type, ["options"] = Strings(["nosuid", .. options]),
    };

    private static JsonObject Namespace(string type) => new() { ["type"] = type };
}
