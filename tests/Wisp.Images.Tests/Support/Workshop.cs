using System.Collections.Concurrent;
using Wisp.Tools;

namespace Wisp.Images.Tests.Support;

/// <summary>
/// Real builds with a cache and a store of their own. Contexts begin with busybox on an empty image, which takes a second; they share
/// buildah's layers.
/// </summary>
public sealed class Workshop : IAsyncDisposable
{
    /// <summary>First lines of a Dockerfile that can RUN things.</summary>
    public const string Busybox = "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\n";

    private readonly TemporaryDirectory _directory = new();
    private int _contexts;

    public Workshop()
    {
        Cache = Path.Combine(_directory.Path, "cache");
        Store = new ImageStore(Path.Combine(_directory.Path, "images"), TimeProvider.System);
    }

    public ToolRunner Tools { get; } = new();

    /// <summary>The cache directory.</summary>
    public string Cache { get; }

    public ImageStore Store { get; }

    /// <summary>Mounts and working containers that builds have left behind.</summary>
    public async Task<string[]> LeftBehindAsync()
    {
        // Asking mounts buildah's storage; hence the order.
        var mounts = Mounts();
        var listed = await Tools.RunAsync(new ToolCommand(
            "buildah", "--root", Path.Combine(Cache, "buildah", "storage"), "--runroot", Path.Combine(Cache, "buildah", "run"), "--storage-driver", "overlay",
            "containers", "--quiet"));
        return [.. mounts, .. listed.Value.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. Scratch()];
    }

    /// <summary>A build context of these files.</summary>
    public string Context(string dockerfile, params (string Name, string Text)[] files)
    {
        var name = $"context{Interlocked.Increment(ref _contexts)}";
        var directory = Path.GetDirectoryName(_directory.Write($"{name}/Dockerfile", dockerfile))!;
        File.Copy("/bin/busybox", Path.Combine(directory, "busybox"));
        foreach (var (file, text) in files)
        {
            _directory.Write($"{name}/{file}", text);
        }

        return directory;
    }

    public Task<Result<BuiltImage>> BuildAsync(string context, string name, CancellationToken cancellation = default) =>
        BuildAsync(new BuildRequest(context, name), [], cancellation);

    public Task<Result<BuiltImage>> BuildAsync(BuildRequest request, ConcurrentQueue<BuildEvent> heard, CancellationToken cancellation = default) =>
        BuildAsync(request, new Listener(heard.Enqueue), cancellation);

    public Task<Result<BuiltImage>> BuildAsync(BuildRequest request, IProgress<BuildEvent>? progress, CancellationToken cancellation) =>
        new BuildahImageBuilder(Store, Tools, Cache).BuildAsync(request, progress, cancellation);

    /// <summary>Builds what must succeed.</summary>
    public async Task<StoredImage> ImageAsync(string context, string name)
    {
        var built = await BuildAsync(context, name);
        Assert.Null(built.Error?.ToString());
        return built.Value.Image;
    }

    /// <summary>Unpacks an image's root filesystem; the directory.</summary>
    public async Task<string> UnpackAsync(StoredImage image)
    {
        var target = Path.Combine(_directory.Path, $"unpacked{Interlocked.Increment(ref _contexts)}");
        var unpacked = (await Tools.RunAsync(new ToolCommand("fsck.erofs", $"--extract={target}", "--preserve-perms", image.RootFilesystem))).Value;
        Assert.True(unpacked.Ok, unpacked.Stderr);
        return target;
    }

    /// <summary>Also what a failed test left mounted.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var mount in Mounts().Reverse())
        {
            await Tools.RunAsync(new ToolCommand("umount", mount));
        }

        _directory.Dispose();
    }

    private string[] Mounts() =>
        [.. File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(_directory.Path, StringComparison.Ordinal))];

    private string[] Scratch() =>
        Directory.Exists(Path.Combine(Cache, "buildah", "tmp")) ? Directory.GetFileSystemEntries(Path.Combine(Cache, "buildah", "tmp")) : [];

    /// <summary>Hears at once; <see cref="Progress{T}"/> hears some time later.</summary>
    public sealed class Listener(Action<BuildEvent> hear) : IProgress<BuildEvent>
    {
        public void Report(BuildEvent value) => hear(value);
    }
}
