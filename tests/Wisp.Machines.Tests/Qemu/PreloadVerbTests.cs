using Wisp.Machines.Qemu;
using Wisp.Machines.Qmp;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu;

public sealed class PreloadVerbTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private SocketPair _vmm = null!;
    private QmpClient _qmp = null!;

    public async ValueTask InitializeAsync()
    {
        _vmm = await SocketPair.CreateAsync();
        var connecting = QmpClient.ConnectAsync(_vmm.Ours, TimeProvider.System, Timeout, default);
        await _vmm.SayAsync("{\"QMP\":{}}\n");
        await _vmm.HearLineAsync();
        await _vmm.SayAsync("{\"return\":{},\"id\":1}\n");
        _qmp = (await connecting).Value;
    }

    [Theory]
    [InlineData("""{"error":{"class":"GenericError","desc":"can't open backing store /wisp/track for guest RAM: Operation already in progress"},"id":2}""", null)]
    [InlineData("""{"error":{"class":"GenericError","desc":"can't open backing store /wisp/track for guest RAM: Protocol error"},"id":2}""", "Protocol error")]
    [InlineData("""{"return":{},"id":2}""", "runs without wisp-preload")]
    public async Task It_is_asked_for_by_a_path_and_answers_by_an_error(string answer, string? words)
    {
        var asking = PreloadVerb.RunAsync(_qmp, "track", Timeout, default);
        Assert.Equal(
            """{"execute":"object-add","id":2,"arguments":{"qom-type":"memory-backend-file","id":"verb","size":4096,"mem-path":"/wisp/track"}}""", await _vmm.HearLineAsync());
        await _vmm.SayAsync(answer + "\n");
        var result = await asking;
        Assert.Equal(words is null, result.IsSuccess);
        Assert.Contains(words ?? "", result.Error?.Message ?? "", StringComparison.Ordinal);
    }

    /// <summary>QEMU as it comes from Debian.</summary>
    [Fact]
    public async Task Without_the_library_it_is_refused()
    {
        using var qemu = await IdleQemu.StartAsync();
        await using var client = (await QmpClient.ConnectAsync(qemu.Socket, TimeProvider.System, Timeout, default)).Value;
        Assert.Contains("/wisp/track", (await PreloadVerb.RunAsync(client, "track", Timeout, default)).Error!.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _vmm.Theirs.Dispose();
        await _qmp.DisposeAsync();
        _vmm.Dispose();
    }
}
