using System.Net;
using Microsoft.Extensions.Logging;
using Wisp.Artifacts;
using Wisp.Certificates;
using Wisp.Certificates.Acme;
using Wisp.Gateway;
using Wisp.Gateway.Listening;
using Wisp.Images;
using Wisp.Layout;
using Wisp.Machines.Qemu;
using Wisp.Network;
using Wisp.Platform;
using Wisp.Snapshots;
using Wisp.State;
using Wisp.Tools;

namespace Wisp.Daemon;

/// <summary>Everything a node is made of, put together; the one place that knows all rooms.</summary>
internal sealed class Node : IAsyncDisposable
{
    // Far above anything /etc/subuid hands out by default; every data directory has its own 4096.
    private const int UserIdBase = 0x2000_0000;
    private const int UserIdsPerNode = 4096;

    private readonly SqliteStateStore _state;
    private readonly HttpGateway _gateway;
    private readonly NodeAccessLog? _accessLog;
    private readonly AcmeIssuer? _issuer;

    private Node(
        SqliteStateStore state, HttpGateway gateway, NodeAccessLog? accessLog, AcmeIssuer? issuer, QemuEngine engine, GuestNetwork network, ImageStore images, LocalAuthority authority, WispPlatform platform)
    {
        _state = state;
        _gateway = gateway;
        _accessLog = accessLog;
        _issuer = issuer;
        Engine = engine;
        Network = network;
        Images = images;
        Authority = authority;
        Platform = platform;
    }

    public QemuEngine Engine { get; }

    public GuestNetwork Network { get; }

    public ImageStore Images { get; }

    public LocalAuthority Authority { get; }

    public WispPlatform Platform { get; }

    /// <summary>Opens the node: afterwards its machines are adopted and its ports are open.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="canStart">False when machines are only to be stopped, for which neither a kernel nor QEMU has to be there.</param>
    /// <param name="settings">What is set of it.</param>
    /// <param name="sockets">What its gateway and the guests' name server listen on.</param>
    /// <param name="loggers">Logs.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Result<Node>> OpenAsync(
        DataDirectory data, bool canStart, NodeSettings settings, ListenSockets sockets, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var tools = new ToolRunner();
        var time = TimeProvider.System;
        var log = loggers.CreateLogger("Wisp.Node");
        NodeAccessLog? accessLog = null;
        // First: what tells it to open the file again would end a process that is not ready for it.
        if (settings.Gateway.AccessLog is { } noted && noted.Open(log).Failed(out var error, out accessLog))
        {
            return error;
        }

        var progress = new Progress<string>(log.Preparing);
        var boot = new BootFiles("", "");
        var options = new QemuEngineOptions { VmmDirectory = data.Vmms, FirstUserId = UserIdBase + (FirstUserIndex(data) * UserIdsPerNode), UserIds = UserIdsPerNode };
        QemuEngine? engine;
        if (!canStart)
        {
            engine = await QemuEngine.ForAdoptionAsync(options, tools, time, loggers);
        }
        else
        {
            if ((await new BootArtifactStore(tools, time).EnsureAsync(progress, cancellation)).Failed(out var missing, out var artifacts)
                || (await QemuEngine.CreateAsync(options, tools, time, loggers, cancellation)).Failed(out missing, out engine))
            {
                return missing;
            }

            boot = new BootFiles(artifacts.Kernel, artifacts.Initramfs);
            log.Accelerator(engine.Description.Accelerator, engine.Description.AcceleratorReason);
        }

        if ((await SqliteStateStore.OpenAsync(data.StateDatabase, cancellation)).Failed(out error, out var state))
        {
            return error;
        }

        if ((await SnapshotStore.OpenAsync(data.Snapshots, time, loggers.CreateLogger("Wisp.Snapshots"), cancellation)).Failed(out error, out var snapshots))
        {
            await state.DisposeAsync();
            return error;
        }

        var network = new GuestNetwork(data.Root, tools, settings.IsPrivateNetwork, sockets.Lend);
        if ((await network.StartAsync(cancellation)).Failed(out error))
        {
            await state.DisposeAsync();
            return error;
        }

        var images = new ImageStore(data.Images, time);
        if (LocalAuthority.Open(data.Authority, time).Failed(out error, out var authority))
        {
            await state.DisposeAsync();
            return error;
        }

        var certificates = new CertificateShelf(authority, time);
        var challenges = new HttpChallenges();
        var gateway = await HttpGateway.StartAsync(loggers, sockets, certificates, challenges, settings.Gateway.Patience, time, cancellation, accessLog?.Log, settings.Gateway.MaxConnections);
        // A client must not find half of the routes.
        gateway.Hold();
        var platformOptions = settings.Apply(new PlatformOptions
        {
            InstancesDirectory = data.Instances,
            Boot = boot,
            LargestMemoryMb = (int)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20),
        });
        AcmeIssuer? issuer = null;
        if (settings.Gateway.Acme is { } acme
            && acme.Open(data, gateway, challenges, new IPEndPoint(platformOptions.DefaultListenAddress, platformOptions.HttpPort), time, log).Failed(out error, out issuer))
        {
            await gateway.DisposeAsync();
            await state.DisposeAsync();
            return error;
        }

        var platform = await WispPlatform.OpenAsync(
            platformOptions, new PlatformDependencies(state, engine, network, images, gateway, certificates, snapshots, time, loggers, issuer), cancellation);
        var node = new Node(state, gateway, accessLog, issuer, engine, network, images, authority, platform);
        if (network.Serve(platform.Guests).Failed(out error))
        {
            await node.DisposeAsync();
            return error;
        }

        gateway.Admit();
        return node;
    }

    /// <summary>Takes leave of the gateway's clients, in good order. For who is about to dispose of it and be followed by another.</summary>
    public Task DrainAsync() => _gateway.DrainAsync();

    /// <summary>Closes the ports and lets go of the machines.</summary>
    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        await Platform.StopIssuingAsync();
        _issuer?.Dispose();
        await _gateway.DisposeAsync();
        await (_accessLog?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Platform.DisposeAsync();
        await Engine.DisposeAsync();
        await _state.DisposeAsync();
    }

    // FNV-1a over the path: two nodes of one host get different ranges, and one node always the same.
    private static int FirstUserIndex(DataDirectory data)
    {
        var hash = 2166136261u;
        foreach (var character in data.Root)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return (int)(hash & 0xFFFF);
    }
}
