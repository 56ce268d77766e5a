using System.Globalization;
using System.Net;
using Wisp.Tools;

namespace Wisp.Bench.Peers;

/// <summary>A network namespace with a veth pair to the host, as containers have; made before anything is timed.</summary>
internal sealed class PeerNetwork : IAsyncDisposable
{
    private readonly IToolRunner _tools;
    private readonly string _name;

    private PeerNetwork(IToolRunner tools, string name, IPAddress address) => (_tools, _name, Address) = (tools, name, address);

    /// <summary>The address inside.</summary>
    public IPAddress Address { get; }

    /// <summary>The namespace's path.</summary>
    public string Path => "/run/netns/" + _name;

    /// <summary>Makes it.</summary>
    public static async Task<Result<PeerNetwork>> MakeAsync(IToolRunner tools, CancellationToken cancellation)
    {
        var number = Environment.ProcessId % 0x8000;
        var name = string.Create(CultureInfo.InvariantCulture, $"wispbench{number}");
        var (host, inside) = Addresses(number);
        var network = new PeerNetwork(tools, name, inside);
        foreach (var command in (string[])
        [
            $"netns add {name}",
            $"link add {name} type veth peer name eth0 netns {name}",
            $"address add {host}/30 dev {name}",
            $"link set {name} up",
            $"-n {name} address add {inside}/30 dev eth0",
            $"-n {name} link set eth0 up",
            $"-n {name} link set lo up",
        ])
        {
            var ran = await tools.RunAsync(new ToolCommand("ip", command.Split(' ')), null, cancellation);
            if (ran.Failed(out var error, out var output) || !output.Ok)
            {
                await network.DisposeAsync();
                return error ?? new WispError(ErrorCode.OperationFailed, $"ip {command}: {output!.LastLine}");
            }
        }

        return network;
    }

    /// <summary>Two addresses of the n-th /30 in 198.18.0.0/15, which RFC 2544 sets aside for benchmarks. Pure.</summary>
    public static (IPAddress Host, IPAddress Inside) Addresses(int number)
    {
        IPAddress At(int last) => new([198, (byte)(18 + (number >> 14)), (byte)(number >> 6), (byte)((number << 2) + last)]);
        return (At(1), At(2));
    }

    // The veth pair goes with the namespace.
    public async ValueTask DisposeAsync() => await _tools.RunAsync(new ToolCommand("ip", "netns", "delete", _name), null, CancellationToken.None);
}
