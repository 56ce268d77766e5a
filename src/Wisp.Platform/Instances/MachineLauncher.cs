using Wisp.GuestProtocol;
using Wisp.Images;
using Wisp.Machines;
using Wisp.Network;
using Wisp.Platform.Instances.Boots;
using Wisp.Platform.Records;
using Wisp.Snapshots;

namespace Wisp.Platform.Instances;

/// <summary>Puts together what a machine of an instance is made of, and starts it.</summary>
internal sealed class MachineLauncher(PlatformOptions options, PlatformDependencies rooms)
{
    // Kernel and initramfs are read for it, and stay what they are while wispd runs.
    private Compatibility? _compatibility;

    /// <summary>The instance's directory.</summary>
    public string DirectoryOf(InstanceRecord record) => Path.Combine(options.InstancesDirectory, record.Uuid.ToString());

    /// <summary>Where its interface is.</summary>
    public GuestInterface InterfaceOf(InstanceRecord record) => rooms.Network.Describe(record.Slot);

    /// <summary>What machines of this node are made with.</summary>
    public async ValueTask<Compatibility> DescribeAsync(CancellationToken cancellation) =>
        Volatile.Read(ref _compatibility)
        ?? (_compatibility = await rooms.Engine.DescribeCompatibilityAsync(options.Boot.Kernel, options.Boot.Initramfs, cancellation));

    /// <summary>What its boot snapshot is found by.</summary>
    public async Task<Result<string>> KeyAsync(
        InstanceRecord record, IReadOnlyList<int> watchedPorts, Compatibility compatibility, CancellationToken cancellation) =>
        (await FindImageAsync(record, cancellation)).Failed(out var error, out var image)
            ? error
            : BootKey.Of(
                record.Account, image.Digest, image.RootFilesystem, record.MemoryMb, record.Vcpus, Configure(record, image, InterfaceOf(record), watchedPorts), compatibility);

    /// <summary>Boots a machine; on failure nothing of it is left.</summary>
    public Task<Result<LaunchedMachine>> StartAsync(InstanceRecord record, IReadOnlyList<int> watchedPorts, CancellationToken cancellation) =>
        LaunchAsync(record, watchedPorts, false, (specification, _) => rooms.Engine.StartAsync(specification, cancellation), cancellation);

    /// <summary>Has a frozen machine go on as this instance; on failure nothing of it is left.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="snapshot">What it goes on from, opened for this engine.</param>
    /// <param name="extras">What it is told beside its identity, its ports and the ticket of its fork or template, which are filled in.</param>
    /// <param name="watchedPorts">Ports in the guest that are reported.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="beforeRun">Called just before its first instruction.</param>
    public Task<Result<LaunchedMachine>> RestoreAsync(
        InstanceRecord record, Snapshot snapshot, GuestRestore extras, IReadOnlyList<int> watchedPorts, CancellationToken cancellation,
        Action? beforeRun = null)
    {
        // Whoever sleeps in a snapshot of its own is still who it was; and the uppermost layer is deleted once it runs.
        var itself = snapshot.Manifest.Kind == SnapshotKind.Hibernation && snapshot.Manifest.Source.Uuid == record.Uuid;
        var memory = new MachineMemory(snapshot.Layers, snapshot.Layers.Count - (itself ? 1 : 0));
        return LaunchAsync(
            record,
            watchedPorts,
            itself,
            (specification, network) => rooms.Engine.RestoreAsync(
                specification,
                new MachineRestore
                {
                    Memory = memory,
                    DevicesPath = snapshot.DevicesPath,
                    Notice = extras with
                    {
                        Identity = itself ? null : Identify(record, network),
                        WatchedPorts = watchedPorts,
                        ForkTicket = itself ? null : record.ForkTicket,
                        TemplateTicket = itself ? null : record.TemplateTicket,
                    },
                    BeforeRun = beforeRun,
                },
                cancellation),
            cancellation);
    }

    /// <summary>Finds a machine that an earlier process started.</summary>
    public async Task<Result<LaunchedMachine>> AdoptAsync(InstanceRecord record, CancellationToken cancellation)
    {
        if ((await rooms.Network.AttachAsync(record.Slot, cancellation)).Failed(out var error, out _)
            || (await rooms.Engine.AdoptAsync(DirectoryOf(record), cancellation)).Failed(out error, out var machine))
        {
            await ReleaseAsync(record);
            return error;
        }

        var image = await FindImageAsync(record, cancellation);
        return new LaunchedMachine(machine, StopSignal.Parse(image.IsSuccess ? image.Value.Configuration.StopSignal : null));
    }

    /// <summary>Takes back what only a running machine needs.</summary>
    public Task<Result> ReleaseAsync(InstanceRecord record) => rooms.Network.DetachAsync(record.Slot, CancellationToken.None);

    /// <summary>It runs, as this instance: what other instances sent it meanwhile comes now.</summary>
    public void Replay(InstanceRecord record) => rooms.Network.Replay(record.Slot);

    /// <summary>Takes back what only a running machine needs, of one that other instances may call back.</summary>
    public Task<Result> RestAsync(InstanceRecord record) => rooms.Network.RestAsync(record.Slot, CancellationToken.None);

    private async Task<Result<LaunchedMachine>> LaunchAsync(
        InstanceRecord record, IReadOnlyList<int> watchedPorts, bool isItself, Func<MachineSpecification, GuestInterface, Task<Result<IMachine>>> launch,
        CancellationToken cancellation)
    {
        if ((await FindImageAsync(record, cancellation)).Failed(out var error, out var image)
            || (await rooms.Network.AttachAsync(record.Slot, cancellation)).Failed(out error, out var network))
        {
            return error;
        }

        var directory = DirectoryOf(record);
        Directory.CreateDirectory(directory);
        if (!isItself)
        {
            // Until it has become this instance, it would drop what is for it.
            rooms.Network.Keep(record.Slot);
        }

        if ((await launch(Specify(record, image, network, directory, watchedPorts), network)).Failed(out error, out var machine))
        {
            await ReleaseAsync(record);
            return error;
        }

        await rooms.Network.ReadyAsync(record.Slot, cancellation);
        return new LaunchedMachine(machine, StopSignal.Parse(image.Configuration.StopSignal));
    }

    private Task<Result<StoredImage>> FindImageAsync(InstanceRecord record, CancellationToken cancellation) =>
        rooms.Images.FindAsync($"{record.ImageName}@{record.ImageDigest}", cancellation);

    private static GuestIdentity Identify(InstanceRecord record, GuestInterface network) => new()
    {
        Hostname = record.Hostname,
        Address = network.Address.ToString(),
        Mac = network.Mac,
        Gateway = network.Gateway.ToString(),
        GatewayMac = network.GatewayMac,
        Nameserver = network.Nameserver.ToString(),
    };

    private MachineSpecification Specify(
        InstanceRecord record, StoredImage image, GuestInterface network, string directory, IReadOnlyList<int> watchedPorts) => new()
    {
        Id = record.Uuid,
        Directory = directory,
        MemoryMib = record.MemoryMb,
        Vcpus = record.Vcpus,
        CpuShare = SchedulingRules.ShareWhileStarting(record.Priority),
        Kernel = options.Boot.Kernel,
        Initramfs = options.Boot.Initramfs,
        RootFilesystem = image.RootFilesystem,
        Interface = new MachineInterface(network.TapName, network.Mac) { Held = rooms.Network.TakeHeld(record.Slot) },
        Guest = Configure(record, image, network, watchedPorts),
    };

    private static GuestConfiguration Configure(InstanceRecord record, StoredImage image, GuestInterface network, IReadOnlyList<int> watchedPorts) => new()
    {
        Argv = [.. image.Configuration.Entrypoint, .. record.Args ?? image.Configuration.Cmd],
        Environment = [.. image.Configuration.Env, .. (record.Env ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(pair => $"{pair.Key}={pair.Value}")],
        WorkingDirectory = image.Configuration.WorkingDir is { Length: > 0 } directoryInGuest ? directoryInGuest : "/",
        User = image.Configuration.User,
        Hostname = record.Hostname,
        Address = network.Address.ToString(),
        Gateway = network.Gateway.ToString(),
        GatewayMac = network.GatewayMac,
        Nameserver = network.Nameserver.ToString(),
        WatchedPorts = watchedPorts,
    };
}
