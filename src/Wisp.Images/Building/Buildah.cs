using Wisp.Tools;

namespace Wisp.Images.Building;

/// <summary>
/// buildah with a storage and a configuration of its own, so that a user's own containers are neither seen nor touched.
/// </summary>
/// <param name="home">Where all of it is.</param>
/// <param name="tools">Runs buildah.</param>
internal sealed class Buildah(string home, IToolRunner tools)
{
    private readonly string _registries = Path.Combine(home, "registries.conf");
    private readonly string _policy = Path.Combine(home, "policy.json");

    /// <summary>Where images and layers are.</summary>
    public string Storage => Path.Combine(home, "storage");

    /// <summary>What buildah needs while it runs only.</summary>
    public string Scratch => Path.Combine(home, "tmp");

    /// <summary>Held by each build (<see cref="BuildTurn"/>).</summary>
    public string LockFile => Path.Combine(home, "lock");

    /// <summary>Runs a command that has no trust policy of its own.</summary>
    public Task<Result<ToolOutput>> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        RunAsync(arguments, null, cancellation);

    /// <summary>Runs a command, handing on its output.</summary>
    public async Task<Result<ToolOutput>> RunAsync(IReadOnlyList<string> arguments, Action<ToolLine>? onLine, CancellationToken cancellation)
    {
        Prepare();
        return await tools.RunAsync(
            new ToolCommand("buildah", ["--root", Storage, "--runroot", Path.Combine(home, "run"), "--storage-driver", "overlay", .. arguments])
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["CONTAINERS_REGISTRIES_CONF"] = _registries,
                    ["BUILDAH_ISOLATION"] = "chroot",
                    ["TMPDIR"] = Scratch,
                },
            },
            onLine,
            cancellation);
    }

    /// <summary>Options of the commands that copy images.</summary>
    public IReadOnlyList<string> Trust => ["--signature-policy", _policy];

    /// <summary>The id of a local image, or null.</summary>
    public async Task<string?> FindImageAsync(string name, CancellationToken cancellation)
    {
        var listed = await RunAsync(["images", "--quiet", "--no-trunc", name], cancellation);
        return listed is { IsSuccess: true, Value: { Ok: true } output } && output.Stdout.Trim() is { Length: > 0 } id ? id.Split('\n')[0] : null;
    }

    private void Prepare()
    {
        Directory.CreateDirectory(Scratch);
        WriteOnce(_registries, "unqualified-search-registries = [\"docker.io\"]\nshort-name-mode = \"permissive\"\n");
        // Signatures are checked where registries sign; Docker Hub's official images are not signed this way.
        WriteOnce(_policy, """{"default":[{"type":"insecureAcceptAnything"}]}""");
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
