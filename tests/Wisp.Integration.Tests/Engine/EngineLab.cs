using Microsoft.Extensions.Logging.Abstractions;
using Wisp.Artifacts;
using Wisp.GuestProtocol;
using Wisp.Images;
using Wisp.Machines;
using Wisp.Machines.Qemu;
using Wisp.Network;
using Wisp.Snapshots;
using Wisp.Tools;

namespace Wisp.Integration.Tests.Engine;

/// <summary>The real engine with a network and an image, and no platform above it.</summary>
public sealed class EngineLab : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-lab-").FullName;
    private readonly ToolRunner _tools = new();
    private readonly List<IMachine> _machines = [];
    private GuestNetwork _network = null!;
    private StoredImage _image = null!;
    private BootArtifacts _boot = null!;
    private int _slot;

    public QemuEngine Engine { get; private set; } = null!;

    public SnapshotStore Snapshots { get; private set; } = null!;

    public Compatibility Compatibility { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(_directory, (UnixFileMode)0x1C9);
        _boot = (await new BootArtifactStore(_tools, TimeProvider.System).EnsureAsync(null, default)).Value;
        var images = new ImageStore(Path.Combine(_directory, "images"), TimeProvider.System);
        _image = (await new BuildahImageBuilder(images, _tools).BuildAsync(new BuildRequest(Path.Combine(Support.Node.Root, "examples", "hello"), "hello"), null, default)).Value.Image;
        _network = new GuestNetwork(_directory, _tools);
        Assert.True((await _network.StartAsync(default)).IsSuccess);
        Snapshots = (await SnapshotStore.OpenAsync(Path.Combine(_directory, "snapshots"), TimeProvider.System, NullLogger.Instance, default)).Value;
        await StartEngineAsync();
        Compatibility = await Engine.DescribeCompatibilityAsync(_boot.Kernel, _boot.Initramfs, default);
    }

    /// <summary>A new engine over the same directories, as after a restart of wispd.</summary>
    public async Task StartEngineAsync() => Engine = (await QemuEngine.CreateAsync(
        new QemuEngineOptions { VmmDirectory = Path.Combine(_directory, "vmms"), FirstUserId = 0x2fff_0000 }, _tools, TimeProvider.System, NullLoggerFactory.Instance, default)).Value;

    /// <summary>What a new machine of the image is made of, with an interface of its own.</summary>
    public async Task<MachineSpecification> SpecifyAsync(int memoryMib = 256, int vcpus = 1)
    {
        var network = (await _network.AttachAsync(_slot++, default)).Value;
        var id = Guid.NewGuid();
        return new MachineSpecification
        {
            Id = id,
            Directory = Path.Combine(_directory, "instances", id.ToString()),
            MemoryMib = memoryMib,
            Vcpus = vcpus,
            Kernel = _boot.Kernel,
            Initramfs = _boot.Initramfs,
            RootFilesystem = _image.RootFilesystem,
            Interface = new MachineInterface(network.TapName, network.Mac),
            Guest = new GuestConfiguration
            {
                Argv = [.. _image.Configuration.Entrypoint, .. _image.Configuration.Cmd],
                Environment = _image.Configuration.Env,
                Hostname = $"vm{_slot}",
                Address = network.Address.ToString(),
                Gateway = network.Gateway.ToString(),
                GatewayMac = network.GatewayMac,
                WatchedPorts = [8080],
            },
        };
    }

    /// <summary>Who a restored machine becomes.</summary>
    public static GuestRestore Become(MachineSpecification specification) => new()
    {
        Identity = new GuestIdentity
        {
            Hostname = specification.Guest.Hostname,
            Address = specification.Guest.Address!,
            Mac = specification.Interface!.Mac,
            Gateway = specification.Guest.Gateway!,
            GatewayMac = specification.Guest.GatewayMac!,
        },
        WatchedPorts = specification.Guest.WatchedPorts,
    };

    /// <summary>Boots one until it answers.</summary>
    public async Task<(IMachine Machine, MachineSpecification Specification)> BootAsync(int memoryMib = 256, int vcpus = 1)
    {
        var specification = await SpecifyAsync(memoryMib, vcpus);
        var machine = Keep((await Engine.StartAsync(specification, default)).Value);
        await foreach (var happened in machine.Events.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (happened is MachineEvent.PortOpened)
            {
                break;
            }

            Assert.IsNotType<MachineEvent.Ended>(happened);
        }

        return (machine, specification);
    }

    /// <summary>Captures a machine into the store.</summary>
    public async Task<(Snapshot Snapshot, MachineCapture Capture)> CaptureAsync(IMachine machine, MachineSpecification specification, bool precopy = false, bool runOn = true, Snapshot? below = null)
    {
        await using var draft = Snapshots.Begin(SnapshotKind.Checkpoint).Value;
        var capture = await machine.CaptureAsync(
            new CaptureRequest { MemoryPath = draft.MemoryPath, DevicesPath = draft.DevicesPath, Precopy = precopy, RunOn = runOn }, TestContext.Current.CancellationToken);
        Assert.Null(capture.Error?.ToString());
        var manifest = new SnapshotManifest
        {
            MemoryBytes = specification.MemoryMib * 1024L * 1024,
            Vcpus = specification.Vcpus,
            Layers = below is null ? [] : below.Manifest.Stack,
            Compatibility = Compatibility,
            Disk = new SnapshotDisk("hello", _image.Digest),
            Source = new SnapshotSource(specification.Id, "lab"),
        };
        var committed = await draft.CommitAsync(manifest, capture.Value.Extents, default);
        Assert.Null(committed.Error?.ToString());
        return (committed.Value, capture.Value);
    }

    /// <summary>Restores a snapshot as a new machine.</summary>
    public async Task<(IMachine Machine, MachineSpecification Specification)> CloneAsync(Snapshot snapshot)
    {
        var specification = await SpecifyAsync((int)(snapshot.Manifest.MemoryBytes >> 20), snapshot.Manifest.Vcpus);
        return (await RestoreAsync(snapshot, specification, Become(specification)), specification);
    }

    public async Task<IMachine> RestoreAsync(Snapshot snapshot, MachineSpecification specification, GuestRestore notice, bool kept = true)
    {
        var restored = await Engine.RestoreAsync(
            specification,
            new MachineRestore
            {
                Memory = new MachineMemory(snapshot.Layers, kept ? snapshot.Layers.Count : snapshot.Layers.Count - 1),
                DevicesPath = snapshot.DevicesPath,
                Notice = notice,
            },
            TestContext.Current.CancellationToken);
        Assert.Null(restored.Error?.ToString());
        return Keep(restored.Value);
    }

    public IMachine Keep(IMachine machine)
    {
        _machines.Add(machine);
        return machine;
    }

    /// <summary>A request past any gateway.</summary>
    public static async Task<string> GetAsync(MachineSpecification specification, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(60) };
        return (await client.GetStringAsync(new Uri($"http://{specification.Guest.Address}:8080{path}"), TestContext.Current.CancellationToken)).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _machines)
        {
            if (machine.State != MachineState.Exited)
            {
                await machine.KillAsync();
            }

            await machine.DisposeAsync();
        }

        await Engine.DisposeAsync();
        await _network.RemoveAsync(default);
        Directory.Delete(_directory, recursive: true);
    }
}
