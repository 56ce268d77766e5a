using System.Collections.Concurrent;
using Wisp.Images.Tests.Support;
using Wisp.Tools;

namespace Wisp.Images.Tests.Bases;

/// <summary>The base image that Wisp makes itself, kept in the host's cache: minutes when it is not there yet, seconds when it is.</summary>
public sealed class DebianTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task An_unmodified_dockerfile_on_debian_builds_and_says_where_its_base_is_from()
    {
        _directory.Write("ctx/Dockerfile", "FROM debian:bookworm-slim\nRUN . /etc/os-release && echo $VERSION_CODENAME > /codename && test ! -e /usr/share/man/man1\n");
        var heard = new ConcurrentQueue<BuildEvent>();
        var store = new ImageStore(Path.Combine(_directory.Path, "images"), TimeProvider.System);
        var built = await new BuildahImageBuilder(store, new ToolRunner()).BuildAsync(
            new BuildRequest(Path.Combine(_directory.Path, "ctx"), "on-debian") { NoCache = true }, new Workshop.Listener(heard.Enqueue), default);
        Assert.Null(built.Error?.ToString());
        Assert.Contains(heard, happened => happened is BuildEvent.Notice { Text: var text } && text.StartsWith("Base image debian:bookworm-slim: ", StringComparison.Ordinal));
        Assert.Equal(["bash"], built.Value.Image.Configuration.Cmd);
        Assert.Contains(built.Value.Image.Configuration.Env, pair => pair.StartsWith("PATH=", StringComparison.Ordinal));

        var target = Path.Combine(_directory.Path, "unpacked");
        var unpacked = (await new ToolRunner().RunAsync(new ToolCommand("fsck.erofs", $"--extract={target}", built.Value.Image.RootFilesystem))).Value;
        Assert.True(unpacked.Ok, unpacked.Stderr);
        Assert.Equal("bookworm\n", await File.ReadAllTextAsync(Path.Combine(target, "codename")));
    }

    public void Dispose() => _directory.Dispose();
}
