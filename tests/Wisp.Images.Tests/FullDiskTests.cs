using Wisp.Images.Tests.Support;
using Wisp.Tools;

namespace Wisp.Images.Tests;

/// <summary>A cache on a small tmpfs, which the workshop unmounts.</summary>
public sealed class FullDiskTests : IAsyncDisposable
{
    private readonly Workshop _workshop = new();

    [Theory]
    [InlineData("RUN dd if=/dev/zero of=/big bs=1M count=64")]
    [InlineData("COPY big /big")]
    public async Task A_disk_that_fills_up_is_said_so_and_what_was_stored_stays(string line)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Mounting needs root.");
        }

        var old = await _workshop.ImageAsync(_workshop.Context(Workshop.Busybox), "app");
        var small = Directory.CreateDirectory(_workshop.Cache + "-small").FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=32m", "wisp-test", small);
        var context = _workshop.Context(Workshop.Busybox + line + "\n", ("big", new string('x', 64 * 1024 * 1024)));
        var error = (await new BuildahImageBuilder(_workshop.Store, _workshop.Tools, small).BuildAsync(new BuildRequest(context, "app"), null, default)).Error!;
        Assert.Equal((ErrorCode.OperationFailed, "disk-full"), (error.Code, error.Help));
        Assert.NotNull(error.NextStep);
        Assert.Equal(old.Digest, (await _workshop.Store.FindAsync("app", default)).Value.Digest);
        Assert.DoesNotContain(File.ReadLines("/proc/self/mounts"), mount => mount.Contains(small + "/", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    private async Task RunAsync(string program, params string[] arguments)
    {
        var output = (await _workshop.Tools.RunAsync(new ToolCommand(program, arguments))).Value;
        Assert.True(output.Ok, output.Stderr);
    }
}
