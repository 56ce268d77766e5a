using System.Globalization;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Support;

/// <summary>
/// A network namespace beyond the host with one listener in it: what a guest finds when it leaves the host. Nothing in it knows a way
/// back to guests, so that an answer proves the address translation.
/// </summary>
public sealed class OutsideWorld : IAsyncDisposable
{
    private readonly string _name = "wisp-it-" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _link = "wo" + Guid.NewGuid().ToString("N")[..8];
    private readonly CancellationTokenSource _end = new();
    private Task<Result<ToolOutput>>? _listener;

    // TEST-NET-2 (RFC 5737).
    public string HostAddress => "198.51.100.1";

    public string Address => "198.51.100.2";

    public int Port => 7000;

    public static async Task<OutsideWorld> MakeAsync()
    {
        var world = new OutsideWorld();
        await world.IpAsync("netns", "add", world._name);
        await world.IpAsync("link", "add", world._link, "type", "veth", "peer", "name", "inner", "netns", world._name);
        await world.IpAsync("addr", "add", world.HostAddress + "/30", "dev", world._link);
        await world.IpAsync("link", "set", world._link, "up");
        await world.IpAsync("-n", world._name, "addr", "add", world.Address + "/30", "dev", "inner");
        await world.IpAsync("-n", world._name, "link", "set", "inner", "up");
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        const string listen =
            "$| = 1; use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die; print \"listening\\n\"; my $c = $l->accept; print $c->peerhost, \"\\n\"";
        world._listener = new ToolRunner().RunAsync(
            new ToolCommand("ip", "netns", "exec", world._name, "perl", "-e", listen, world.Port.ToString(CultureInfo.InvariantCulture)),
            line => listening.TrySetResult(), world._end.Token);
        await listening.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return world;
    }

    /// <summary>Who the first connection came from.</summary>
    public async Task<string> PeerAsync() => (await _listener!).Value.Stdout.Trim().Split('\n')[^1];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await (_listener ?? Task.FromResult<Result<ToolOutput>>(new ToolOutput(0, "", "")));
        }
        catch (OperationCanceledException)
        {
            // It still waited for somebody.
        }

        await IpAsync("link", "del", _link);
        await IpAsync("netns", "del", _name);
        _end.Dispose();
    }

    private async Task IpAsync(params string[] arguments)
    {
        var ran = await new ToolRunner().RunAsync(new ToolCommand("ip", arguments));
        if (!ran.IsSuccess || !ran.Value.Ok)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {ran.Error?.ToString() ?? ran.Value.LastLine}");
        }
    }
}
