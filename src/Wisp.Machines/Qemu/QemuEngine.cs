using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Wisp.Layout;
using Wisp.Machines.Accelerators;
using Wisp.Machines.Limits;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Snapshots;
using Wisp.Tools;

namespace Wisp.Machines.Qemu;

/// <summary>Machines as QEMU processes of the type <c>microvm</c>, each in a jail of its own.</summary>
public sealed partial class QemuEngine : IMachineEngine, IAsyncDisposable
{
    // The kernel and wisp-init come up with less than half of this; an application that is worth a machine does not.
    private const int MinimumMemoryMib = 96;

    /// <summary>The program that makes a machine's jail and becomes its VMM.</summary>
    internal const string Jail = "wisp-jail";

    /// <summary>The library that is loaded into every VMM.</summary>
    internal const string Preload = "wisp-preload.so";

    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(5);

    private readonly QemuEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly VmmHost _host;
    private readonly VmmPool _pool;

    private QemuEngine(QemuEngineOptions options, VmmHost host, int blanks, TimeProvider time, ILogger logger, EngineDescription description)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _host = host;
        _pool = new VmmPool(host, blanks, time, logger);
        Description = description;
    }

    /// <inheritdoc/>
    public EngineDescription Description { get; }

    /// <summary>Finds QEMU and its helpers, chooses the accelerator, and ends what an earlier process has left without a guest.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="tools">Runs the jail.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Logs.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The engine, or what is missing and how to get it.</returns>
    public static async Task<Result<QemuEngine>> CreateAsync(
        QemuEngineOptions options, IToolRunner tools, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        if (NativeBinaries.Locate(Jail).Failed(out var error, out var jail)
            || NativeBinaries.Locate(Preload).Failed(out error, out var preload)
            || (await tools.RunAsync(new ToolCommand(options.Program, "--version"), null, cancellation)).Failed(out error, out var version)
            || new AcceleratorProbe(options.ProbeCache, KvmSpeedometer.Measure).Choose(options.ForcedAccelerator).Failed(out error, out var accelerator))
        {
            return error;
        }

        // "QEMU emulator version 7.2.22 (Debian …)"
        var words = version.Stdout.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var number = words.Length > 3 ? words[3] : "unknown";
        var logger = loggers.CreateLogger("Wisp.Machines");
        var host = new VmmHost(options, jail, preload, accelerator.Name, tools, time, logger);
        await host.TakeOverAsync();
        return new QemuEngine(
            options, host, options.MostBlanks, time, logger,
            new EngineDescription("qemu", number, accelerator.Name, accelerator.Reason, MinimumMemoryMib));
    }

    /// <summary>An engine that can find and stop machines but start none, for a host from which QEMU may be gone.</summary>
    public static async Task<QemuEngine> ForAdoptionAsync(QemuEngineOptions options, IToolRunner tools, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("Wisp.Machines");
        var host = new VmmHost(options, "", "", "", tools, time, logger);
        await host.TakeOverAsync();
        return new QemuEngine(
            options, host, 0, time, logger, new EngineDescription("qemu", "unknown", "unknown", "Not chosen: nothing is started.", MinimumMemoryMib));
    }

    /// <inheritdoc/>
    public async Task<Result<IMachine>> StartAsync(MachineSpecification specification, CancellationToken cancellation)
    {
        if (specification.MemoryMib < MinimumMemoryMib)
        {
            return new WispError(
                ErrorCode.GuestMemoryTooSmall, $"A guest does not boot with {specification.MemoryMib} MiB.", $"Give it {MinimumMemoryMib} MiB or more.", "guest-memory");
        }

        var from = _time.GetTimestamp();
        await RemoveAsync(specification.Directory);
        var boot = new VmmBoot(specification.Kernel, specification.Initramfs, specification.Interface?.Mac);
        return (await _host.StartAsync(new VmmShape(specification.MemoryMib, specification.Vcpus), boot, cancellation)).Failed(out var error, out var vmm)
            ? error
            : await GiveAsync(specification, vmm, MachineMemory.Empty, new Ignition(_time, _logger), from, cancellation);
    }

    /// <inheritdoc/>
    public async Task<Result<IMachine>> RestoreAsync(MachineSpecification specification, MachineRestore restore, CancellationToken cancellation)
    {
        if (restore.Memory.Layers.Count > Attachment.MostLayers)
        {
            return EngineErrors.TooManyLayers(restore.Memory.Layers.Count);
        }

        var from = _time.GetTimestamp();
        await RemoveAsync(specification.Directory);
        var shape = new VmmShape(specification.MemoryMib, specification.Vcpus);
        var vmm = _pool.Take(shape);
        if (vmm is null && (await _host.StartAsync(shape, null, cancellation)).Failed(out var error, out vmm))
        {
            return error;
        }

        return await GiveAsync(specification, vmm, restore.Memory, new Ignition(_time, _logger) { Restore = restore }, from, cancellation);
    }

    /// <inheritdoc/>
    public async Task<Compatibility> DescribeCompatibilityAsync(string kernel, string initramfs, CancellationToken cancellation) => new()
    {
        Engine = Description.Name,
        EngineVersion = Description.Version,
        Accelerator = Description.Accelerator,
        Cpu = Description.Accelerator == "kvm" ? $"host {HostCpu.Describe()}" : QemuCommandLine.CpuModel(Description.Accelerator),
        Machine = QemuCommandLine.DeviceModel,
        KernelSha256 = await DigestAsync(kernel, cancellation),
        InitramfsSha256 = await DigestAsync(initramfs, cancellation),
    };

    /// <inheritdoc/>
    public void Expect(int memoryMib, int vcpus) => _pool.Expect(new VmmShape(memoryMib, vcpus));

    /// <summary>Ends whatever runs of the machine in a directory, known or not, and takes away what is left of it.</summary>
    /// <param name="directory">The machine's directory (<see cref="MachineSpecification.Directory"/>).</param>
    public Task RemoveAsync(string directory)
    {
        var files = new MachineFiles(directory);
        return CleanUpAsync(files, VmmRecord.Read(files.Vmm.Record));
    }

    /// <summary>Ends the VMMs that have no guest. Machines run or sleep on.</summary>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    // From here on the VMM belongs to the machine's directory: whatever fails, it ends with it.
    private async Task<Result<IMachine>> GiveAsync(
        MachineSpecification specification, Vmm vmm, MachineMemory memory, Ignition ignition, long from, CancellationToken cancellation)
    {
        var start = _time.GetElapsedTime(from);
        var files = new MachineFiles(specification.Directory);
        QemuMachine? machine = null;
        var given = false;
        try
        {
            Directory.CreateDirectory(files.Directory);
            vmm = vmm.MoveTo(files.Vmm);
            if (CpuShare.Set(_options.CgroupRoot, vmm.Record.Id.ToString(), specification.CpuShare).Failed(out var refused))
            {
                _logger.LimitMissing(vmm.Record.Id, refused.Message);
            }

            if ((await ignition.LightAsync(specification, files, vmm, memory, cancellation)).Failed(out var error, out var record))
            {
                return error.Help is null && !vmm.Process.IsAlive ? EngineErrors.Ended(files.Vmm, error) : error;
            }

            var ready = _time.GetElapsedTime(from);
            machine = new QemuMachine(record, files, vmm, memory, MachineState.Running, CleanUpAsync, _time, _logger)
            {
                CgroupRoot = _options.CgroupRoot,
                Timings = new MachineTimings(start, ready - start, ready),
            };
            if (ignition.Restore?.Notice.Identity is not null)
            {
                await WaitForIdentityAsync(machine, cancellation);
            }

            given = true;
            return machine;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return EngineErrors.OfFile($"Cannot prepare machine {specification.Id} in {files.Directory}", files.Directory, exception);
        }
        finally
        {
            if (!given && machine is not null)
            {
                // It takes away what is left of itself.
                await machine.KillAsync();
                await machine.DisposeAsync();
            }
            else if (!given)
            {
                await vmm.DisposeAsync();
                await (vmm.Files == files.Vmm ? CleanUpAsync(files, vmm.Record) : _host.DiscardAsync(vmm));
            }
        }
    }

    private async Task WaitForIdentityAsync(QemuMachine machine, CancellationToken cancellation)
    {
        try
        {
            await machine.Restored.WaitAsync(IdentityTimeout, _time, cancellation);
        }
        catch (TimeoutException)
        {
            _logger.NoIdentity(machine.Id, IdentityTimeout.TotalSeconds);
        }
    }

    private async Task CleanUpAsync(MachineFiles files, VmmRecord? vmm)
    {
        vmm ??= MachineRecord.Read(files.Record) is { } record ? new VmmRecord { Id = record.Vmm, UserId = 0 } : null;
        if (vmm is not null)
        {
            await _host.RemoveAsync(files.Vmm, vmm);
        }

        try
        {
            // Last: while it is there, a guest may have run.
            if (File.Exists(files.Record))
            {
                File.Delete(files.Record);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.CleanUpFailed(vmm?.Id ?? Guid.Empty, exception.Message);
        }
    }

    private static async Task<string> DigestAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }
}
