using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Images.Building;

/// <summary>
/// buildah with a storage and a configuration of its own, so that a user's own containers are neither seen nor touched.
/// </summary>
internal sealed class Buildah(IToolRunner tools)
{
    private static readonly string Home = Path.Combine(DataDirectory.CacheDirectory, "buildah");
    private static readonly string Registries = Path.Combine(Home, "registries.conf");
    private static readonly string Policy = Path.Combine(Home, "policy.json");

    /// <summary>Where images and layers are.</summary>
    public static string Storage => Path.Combine(Home, "storage");

    /// <summary>Runs a command that has no trust policy of its own.</summary>
    public Task<Result<ToolOutput>> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        RunAsync(arguments, null, cancellation);

    /// <summary>Runs a command, handing on its output.</summary>
    public async Task<Result<ToolOutput>> RunAsync(IReadOnlyList<string> arguments, Action<ToolLine>? onLine, CancellationToken cancellation)
    {
        Prepare();
        return await tools.RunAsync(
            new ToolCommand("buildah", ["--root", Storage, "--runroot", Path.Combine(Home, "run"), "--storage-driver", "overlay", .. arguments])
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["CONTAINERS_REGISTRIES_CONF"] = Registries,
                    ["BUILDAH_ISOLATION"] = "chroot",
                },
            },
            onLine,
            cancellation);
    }

    /// <summary>Options of the commands that copy images.</summary>
    public static IReadOnlyList<string> Trust => ["--signature-policy", Policy];

    /// <summary>The id of a local image, or null.</summary>
    public async Task<string?> FindImageAsync(string name, CancellationToken cancellation)
    {
        var listed = await RunAsync(["images", "--quiet", "--no-trunc", name], cancellation);
        return listed is { IsSuccess: true, Value: { Ok: true } output } && output.Stdout.Trim() is { Length: > 0 } id ? id.Split('\n')[0] : null;
    }

    private static void Prepare()
    {
        Directory.CreateDirectory(Home);
        WriteOnce(Registries, "unqualified-search-registries = [\"docker.io\"]\nshort-name-mode = \"permissive\"\n");
        // Signatures are checked where registries sign; Docker Hub's official images are not signed this way.
        WriteOnce(Policy, """{"default":[{"type":"insecureAcceptAnything"}]}""");
    }

    private static void WriteOnce(string path, string text)
    {
        if (!File.Exists(path))
        {
            var temporary = $"{path}.{Guid.NewGuid():N}";
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
    }
}
