using Wisp.Images;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Support;

/// <summary>One wispd for all tests of the assembly, with the test images built into it.</summary>
public sealed class Node : IAsyncLifetime
{
    public Wispd Wispd { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await BuildAsync(Wispd, "hello", Path.Combine(Root, "examples", "hello"));
        foreach (var directory in Directory.GetDirectories(Path.Combine(Root, "tests", "assets", "images")))
        {
            await BuildAsync(Wispd, Path.GetFileName(directory), directory);
        }

        await Wispd.StartAsync();
    }

    public static async Task BuildAsync(Wispd wispd, string name, string directory)
    {
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
