using System.Collections.Concurrent;
using Wisp.Artifacts;
using Wisp.Images;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Support;

/// <summary>One wispd for all tests of the assembly that leave it running.</summary>
public sealed class Node : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _images = new(StringComparer.Ordinal);

    public Wispd Wispd { get; } = new();

    /// <summary>Where port 80 of services is.</summary>
    public int HttpPort { get; } = Ports.Free();

    /// <summary>Where port 443 of services is.</summary>
    public int HttpsPort { get; } = Ports.Free();

    public async ValueTask InitializeAsync()
    {
        // Where there is none yet, the kernel takes longer than tests wait for a wispd that starts.
        var boot = await new BootArtifactStore(new ToolRunner(), TimeProvider.System).EnsureAsync(null, CancellationToken.None);
        Assert.Null(boot.Error?.ToString());
        await ImageAsync("hello");
        Wispd.Options = ["--http-port", $"{HttpPort}", "--https-port", $"{HttpsPort}"];
        await Wispd.StartAsync();
    }

    /// <summary>Builds an image when it is first asked for: <c>hello</c>, or one of <c>tests/assets/images</c>.</summary>
    public Task ImageAsync(string name) =>
        _images.GetOrAdd(name, _ => new Lazy<Task>(() => BuildAsync(Wispd, name))).Value;

    /// <summary>Builds an image into a node's store.</summary>
    public static async Task BuildAsync(Wispd wispd, string name)
    {
        var directory = name == "hello" ? Path.Combine(Root, "examples", "hello") : Path.Combine(Root, "tests", "assets", "images", name);
        var builder = new BuildahImageBuilder(new ImageStore(wispd.Data.Images, TimeProvider.System), new ToolRunner());
        var built = await builder.BuildAsync(new BuildRequest(directory, name), null, CancellationToken.None);
        if (built.Failed(out var error, out _))
        {
            throw new InvalidOperationException(error.ToString());
        }
    }

    public ValueTask DisposeAsync() => Wispd.DisposeAsync();

    /// <summary>The repository's root: the nearest folder above with the solution in it.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Wisp.slnx")) ? directory : Find(Path.GetDirectoryName(directory)!);
}
