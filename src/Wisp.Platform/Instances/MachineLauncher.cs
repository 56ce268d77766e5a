using Wisp.GuestProtocol;
using Wisp.Images;
using Wisp.Machines;
using Wisp.Network;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <summary>Puts together what a machine of an instance is made of, and starts it.</summary>
internal sealed class MachineLauncher(PlatformOptions options, PlatformDependencies rooms)
{
    /// <summary>The instance's directory.</summary>
    public string DirectoryOf(InstanceRecord record) => Path.Combine(options.InstancesDirectory, record.Uuid.ToString());

    /// <summary>Where its interface is.</summary>
    public GuestInterface InterfaceOf(InstanceRecord record) => rooms.Network.Describe(record.Slot);

    /// <summary>Starts a machine; on failure nothing of it is left.</summary>
    public async Task<Result<LaunchedMachine>> StartAsync(InstanceRecord record, IReadOnlyList<int> watchedPorts, CancellationToken cancellation)
    {
        var reference = $"{record.ImageName}@{record.ImageDigest}";
        if ((await rooms.Images.FindAsync(reference, cancellation)).Failed(out var error, out var image))
        {
            return error;
        }

        if ((await rooms.Network.AttachAsync(record.Slot, cancellation)).Failed(out error, out var network))
        {
            return error;
        }

        var directory = DirectoryOf(record);
        Directory.CreateDirectory(directory);
        var started = await rooms.Engine.StartAsync(Specify(record, image, network, directory, watchedPorts), cancellation);
        if (started.Failed(out error, out var machine))
        {
            await rooms.Network.DetachAsync(record.Slot, CancellationToken.None);
            return error;
        }

        return new LaunchedMachine(machine, StopSignal.Parse(image.Configuration.StopSignal));
    }

    /// <summary>Finds a machine that an earlier process started.</summary>
    public async Task<Result<LaunchedMachine>> AdoptAsync(InstanceRecord record, CancellationToken cancellation)
    {
        if ((await rooms.Network.AttachAsync(record.Slot, cancellation)).Failed(out var error, out _)
            || (await rooms.Engine.AdoptAsync(DirectoryOf(record), cancellation)).Failed(out error, out var machine))
        {
            return error;
        }

        var image = await rooms.Images.FindAsync($"{record.ImageName}@{record.ImageDigest}", cancellation);
        return new LaunchedMachine(machine, StopSignal.Parse(image.IsSuccess ? image.Value.Configuration.StopSignal : null));
    }

    /// <summary>Takes back what only a running machine needs.</summary>
    public Task<Result> ReleaseAsync(InstanceRecord record) => rooms.Network.DetachAsync(record.Slot, CancellationToken.None);

    private MachineSpecification Specify(
        InstanceRecord record, StoredImage image, GuestInterface network, string directory, IReadOnlyList<int> watchedPorts) => new()
    {
        Id = record.Uuid,
        Directory = directory,
        MemoryMib = record.MemoryMb,
        Vcpus = record.Vcpus,
        Kernel = options.Boot.Kernel,
        Initramfs = options.Boot.Initramfs,
        RootFilesystem = image.RootFilesystem,
        Interface = new MachineInterface(network.TapName, network.Mac),
        Guest = new GuestConfiguration
        {
            Argv = [.. image.Configuration.Entrypoint, .. record.Args ?? image.Configuration.Cmd],
            Environment = [.. image.Configuration.Env, .. (record.Env ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(pair => $"{pair.Key}={pair.Value}")],
            WorkingDirectory = image.Configuration.WorkingDir is { Length: > 0 } directoryInGuest ? directoryInGuest : "/",
            User = image.Configuration.User,
            Hostname = record.Hostname,
            Address = network.Address.ToString(),
            Gateway = network.Gateway.ToString(),
            GatewayMac = network.GatewayMac,
            Nameserver = network.Nameserver?.ToString(),
            WatchedPorts = watchedPorts,
        },
    };
}
