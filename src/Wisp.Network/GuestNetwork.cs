using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Wisp.Network.Dns;
using Wisp.Tools;

namespace Wisp.Network;

/// <summary>The guest network by iproute2, nftables and sysctls.</summary>
public sealed class GuestNetwork : IGuestNetwork, IAsyncDisposable
{
    private const int ReadyAttempts = 200;

    private const string Forwarding = "/proc/sys/net/ipv4/ip_forward";

    private readonly IToolRunner _tools;
    private readonly OpenSocket _open;
    private readonly string _file;
    private readonly string _forwardingChanged;
    private readonly ConcurrentDictionary<int, SafeFileHandle> _held = new();
    private readonly ConcurrentDictionary<int, IReadOnlyList<byte[]>> _kept = new();
    private NodeSubnet _subnet;
    private bool _isNew;
    private GuestDns? _dns;
    private GuestGroups? _groups;
    private AskedGuests? _asked;
    private PacketLog? _log;

    /// <summary>The network of a node.</summary>
    /// <param name="stateDirectory">Where the subnet and what was changed on the host are remembered.</param>
    /// <param name="tools">Runs <c>ip</c> and <c>nft</c>.</param>
    /// <param name="isPrivate">Whether guests of one group reach each other.</param>
    /// <param name="open">Where the sockets of the guests' name server come from; null for new ones.</param>
    public GuestNetwork(string stateDirectory, IToolRunner tools, bool isPrivate = false, OpenSocket? open = null)
    {
        _tools = tools;
        _open = open ?? (static (_, bind) => bind());
        IsPrivate = isPrivate;
        _file = Path.Combine(stateDirectory, "subnet");
        _forwardingChanged = Path.Combine(stateDirectory, "ip_forward.was-off");
        var remembered = SubnetFile.Read(_file);
        (_subnet, _isNew) = (remembered ?? SubnetFile.Choose(_file), remembered is null);
    }

    /// <summary>Whether somebody on this host has the subnet that a directory remembers. A node that is down has none.</summary>
    /// <param name="stateDirectory">Where it is remembered.</param>
    public static bool IsTaken(string stateDirectory) => SubnetFile.Read(Path.Combine(stateDirectory, "subnet")) is { } subnet && Exists(subnet.GatewayDevice);

    /// <inheritdoc/>
    public int Capacity => _subnet.Capacity;

    /// <inheritdoc/>
    public bool IsPrivate { get; }

    /// <inheritdoc/>
    public async Task<Result> StartAsync(CancellationToken cancellation)
    {
        try
        {
            if (File.ReadAllText(Forwarding).Trim() == "0")
            {
                File.WriteAllText(_forwardingChanged, "");
                File.WriteAllText(Forwarding, "1");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot turn on IP forwarding: {exception.Message}", "Guests need it to reach the outside; set net.ipv4.ip_forward=1.");
        }

        // Another node has chosen the same meanwhile, and was faster.
        while (_isNew && Exists(_subnet.GatewayDevice))
        {
            _subnet = SubnetFile.Choose(_file);
        }

        _isNew = false;
        if (!Exists(_subnet.GatewayDevice))
        {
            var made = await IpAsync(
                $"""
                tuntap add dev {_subnet.GatewayDevice} mode tap
                addr add {_subnet.Gateway}/32 dev {_subnet.GatewayDevice}
                link set {_subnet.GatewayDevice} up
                route replace unreachable {_subnet.Cidr}
                """,
                cancellation);
            if (!made.IsSuccess)
            {
                return made;
            }
        }

        try
        {
            _dns ??= GuestDns.Listen(_subnet.Gateway, _subnet.Number, TimeProvider.System, _open);
        }
        catch (SocketException exception)
        {
            return new WispError(ErrorCode.OperationFailed, $"The guests' name server cannot listen on {_subnet.Gateway}: {exception.Message}", "See what has that address: ip addr", "network");
        }

        _groups = IsPrivate ? new GuestGroups(_subnet, (text, token) => RunAsync(new ToolCommand("nft", "-f", "-") { Input = text }, "change who reaches whom", token)) : null;
        return await RunAsync(new ToolCommand("nft", "-f", "-") { Input = FirewallRules.Build(_subnet, _dns.EndPoint.Port, IsPrivate) }, "load the firewall", cancellation);
    }

    /// <summary>Answers guests' questions from now on, and tells of what they send each other.</summary>
    /// <param name="guests">Who they are.</param>
    public Result Serve(IGuestDirectory guests)
    {
        // A packet that is seen opens the way for others for a moment, which begins before it is heard of.
        var unseen = TimeSpan.FromMilliseconds(FirewallRules.QuietMs + 50);
        var subnet = _subnet;
        try
        {
            _asked = IsPrivate ? new AskedGuests(subnet, guests.Hold, TimeProvider.System) : null;
            _log = IsPrivate ? PacketLog.Open(subnet.Number, address => Stir(subnet.SlotAt(address))) : null;
        }
        catch (IOException exception)
        {
            return new WispError(
                ErrorCode.OperationFailed, $"Cannot follow what guests send each other: {exception.Message}", "--private-network needs a kernel with nfnetlink_log.", "network");
        }

        _dns!.Serve(subnet.SlotAt, new InternalZone(subnet, guests), new Upstream(new HostResolvers("/etc/resolv.conf").Read, TimeProvider.System));
        return Result.Success;

        void Stir(int? slot)
        {
            if (slot is { } stirred)
            {
                guests.Stir(stirred, unseen);
                _asked!.Talk();
            }
        }
    }

    /// <summary>Answers no more. Interfaces and rules stay.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_log is { } log)
        {
            await log.DisposeAsync();
        }

        if (_asked is { } asked)
        {
            await asked.DisposeAsync();
        }

        if (_dns is { } dns)
        {
            await dns.DisposeAsync();
        }

        foreach (var slot in _held.Keys)
        {
            TakeHeld(slot)?.Dispose();
        }
    }

    /// <inheritdoc/>
    public GuestInterface Describe(int slot) => new(
        _subnet.TapAt(slot), _subnet.GuestMacAt(slot), _subnet.GuestAt(slot), _subnet.Gateway, _subnet.TapMacAt(slot), _subnet.Gateway);

    /// <inheritdoc/>
    public async Task<Result<GuestInterface>> AttachAsync(int slot, CancellationToken cancellation)
    {
        var network = Describe(slot);
        if (Exists(network.TapName))
        {
            return network;
        }

        // More specific than the node's unreachable route, which keeps what is meant for a guest from leaving the host when it is gone.
        // The neighbour entry is permanent: a sleeping guest cannot answer ARP, and a waking one shall not be asked.
        try
        {
            TapInterface.Create(network);
            return network;
        }
        catch (IOException exception)
        {
            await DetachAsync(slot, CancellationToken.None);
            return new WispError(
                ErrorCode.OperationFailed, $"Cannot make the guest interface {network.TapName}: {exception.Message}",
                "wispd needs root and a kernel with tun and nftables.", "network");
        }
    }

    /// <inheritdoc/>
    public async Task<Result> DetachAsync(int slot, CancellationToken cancellation)
    {
        TakeHeld(slot)?.Dispose();
        _kept.TryRemove(slot, out _);
        var tap = _subnet.TapAt(slot);
        return Exists(tap) ? await IpAsync($"link del {tap}", cancellation) : Result.Success;
    }

    /// <inheritdoc/>
    public Task<Result> RegroupAsync(IReadOnlyCollection<(int Slot, Guid? Group)> guests, CancellationToken cancellation) =>
        _groups is { } groups ? groups.ChangeAsync(guests, cancellation) : Task.FromResult(Result.Success);

    /// <inheritdoc/>
    public async Task<Result> RestAsync(int slot, CancellationToken cancellation)
    {
        if (!IsPrivate)
        {
            return await DetachAsync(slot, cancellation);
        }

        if ((await AttachAsync(slot, cancellation)).Failed(out var error, out var network))
        {
            return error;
        }

        try
        {
            // Its machine has ended, but a process that was just being forked may have the descriptor until its exec.
            for (var attempt = 0; attempt < 50 && !_held.ContainsKey(slot); attempt++)
            {
                if (TapInterface.TryHold(network.TapName) is { } held)
                {
                    _held[slot] = held;
                    return Result.Success;
                }

                await Task.Delay(10, cancellation);
            }

            return _held.ContainsKey(slot) ? Result.Success : new WispError(ErrorCode.OperationFailed, $"Somebody is attached to the guest interface {network.TapName}.");
        }
        catch (IOException exception)
        {
            return new WispError(ErrorCode.OperationFailed, $"Cannot keep packets for the guest interface {network.TapName}: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public SafeFileHandle? TakeHeld(int slot) => _held.TryRemove(slot, out var held) ? held : null;

    /// <inheritdoc/>
    public void Keep(int slot)
    {
        using var held = TakeHeld(slot);
        if (held is not null && KeptPackets.Read(held) is { Count: > 0 } packets)
        {
            _kept[slot] = packets;
        }
    }

    /// <inheritdoc/>
    public void Replay(int slot)
    {
        if (!_kept.TryRemove(slot, out var packets))
        {
            return;
        }

        try
        {
            KeptPackets.Send(_subnet.TapAt(slot), packets);
        }
        catch (IOException)
        {
            // Its interface went meanwhile; whoever sent them sends them again, or not.
        }
    }

    /// <inheritdoc/>
    public async Task ReadyAsync(int slot, CancellationToken cancellation)
    {
        // The kernel notices a while after that an interface has been taken, and until then throws away what is sent there, without a word
        // (net/core/link_watch.c). TCP sends it once more, a second later; datagrams would be lost.
        var device = $"/sys/class/net/{_subnet.TapAt(slot)}/";
        try
        {
            // Asked for, kernels since 6.8 notice at once.
            File.ReadAllText(device + "carrier");
            for (var attempt = 0; attempt < ReadyAttempts && File.ReadAllText(device + "operstate") != "up\n"; attempt++)
            {
                await Task.Delay(1, cancellation);
            }

            // Waits for who has just said so, and still has to open the way.
            File.ReadAllText(device + "carrier");
        }
        catch (IOException)
        {
            // It is gone; whoever needs it finds out.
        }
    }

    /// <inheritdoc/>
    public InterfaceTraffic? ReadTraffic(int slot)
    {
        var counters = $"/sys/class/net/{_subnet.TapAt(slot)}/statistics/";
        try
        {
            // What the host sends into the tap is what the guest receives.
            return new InterfaceTraffic(Read("tx_bytes"), Read("tx_packets"), Read("rx_bytes"), Read("rx_packets"));
        }
        catch (IOException)
        {
            // There is none, or it has just gone.
            return null;
        }

        long Read(string name) => long.Parse(File.ReadAllText(counters + name), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async Task<Result> RemoveAsync(CancellationToken cancellation)
    {
        var devices = new DirectoryInfo("/sys/class/net").EnumerateFileSystemInfos()
            .Select(device => device.Name)
            .Where(name => name == _subnet.GatewayDevice || name.StartsWith(_subnet.TapPrefix, StringComparison.Ordinal))
            .ToArray();
        string[] steps = [$"route flush exact {_subnet.Cidr}", .. devices.Select(device => $"link del {device}")];
        if ((await IpAsync(string.Join('\n', steps), cancellation)).Failed(out var error))
        {
            return error;
        }

        // Adding before deleting makes a missing table no error.
        var removed = await RunAsync(
            new ToolCommand("nft", "-f", "-") { Input = $"table inet {_subnet.Table}\ndelete table inet {_subnet.Table}\n" },
            "remove the firewall", cancellation);
        if (removed.IsSuccess && File.Exists(_forwardingChanged) && !OtherNodes())
        {
            File.WriteAllText(Forwarding, "0");
            File.Delete(_forwardingChanged);
        }

        return removed;
    }

    private static bool Exists(string device) => Directory.Exists("/sys/class/net/" + device);

    private bool OtherNodes() =>
        new DirectoryInfo("/sys/class/net").EnumerateFileSystemInfos().Any(device =>
            device.Name.EndsWith("-gw", StringComparison.Ordinal) && device.Name.StartsWith('w') && device.Name != _subnet.GatewayDevice);

    private Task<Result> IpAsync(string batch, CancellationToken cancellation) =>
        RunAsync(new ToolCommand("ip", "-batch", "-") { Input = batch + "\n" }, "change the guest network", cancellation);

    private async Task<Result> RunAsync(ToolCommand command, string what, CancellationToken cancellation) =>
        (await _tools.RunAsync(command, null, cancellation)).Failed(out var error, out var output)
            ? error
            : output.Ok
                ? Result.Success
                : new WispError(ErrorCode.OperationFailed, $"Cannot {what}: {output.Stderr.Trim().ReplaceLineEndings(" ")}", "wispd needs root and a kernel with tun and nftables.", "network");
}
