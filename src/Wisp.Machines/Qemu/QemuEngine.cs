using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Wisp.Layout;
using Wisp.Machines.Accelerators;
using Wisp.Machines.Limits;
using Wisp.Snapshots;
using Wisp.Tools;

namespace Wisp.Machines.Qemu;

/// <summary>Machines as QEMU processes of the type <c>microvm</c>, each in a jail of its own.</summary>
public sealed partial class QemuEngine : IMachineEngine
{
    // Debian's cloud kernel panics for want of memory below 88 MiB ("deadlocked on memory"); an application needs a little, too.
    private const int MinimumMemoryMib = 96;
    // Where wisp-jail puts it.
    private const int TapDescriptor = 100;

    /// <summary>The program that makes a machine's jail and becomes its VMM.</summary>
    internal const string Jail = "wisp-jail";

    private readonly QemuEngineOptions _options;
    private readonly IToolRunner _tools;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _jail;
    private readonly long? _tscKhz = ReadTscKhz();

    private QemuEngine(QemuEngineOptions options, IToolRunner tools, TimeProvider time, ILoggerFactory loggers, string jail, EngineDescription description)
    {
        _options = options;
        _tools = tools;
        _time = time;
        _logger = loggers.CreateLogger("Wisp.Machines");
        _jail = jail;
        Description = description;
    }

    /// <inheritdoc/>
    public EngineDescription Description { get; }

    /// <summary>Finds QEMU and the jail, and chooses the accelerator.</summary>
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
            || (await tools.RunAsync(new ToolCommand(options.Program, "--version"), null, cancellation)).Failed(out error, out var version)
            || new AcceleratorProbe(options.ProbeCache, KvmSpeedometer.Measure).Choose(options.ForcedAccelerator).Failed(out error, out var accelerator))
        {
            return error;
        }

        // "QEMU emulator version 7.2.22 (Debian …)"
        var words = version.Stdout.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var number = words.Length > 3 ? words[3] : "unknown";
        return new QemuEngine(
            options, tools, time, loggers, jail,
            new EngineDescription("qemu", number, accelerator.Name, accelerator.Reason, MinimumMemoryMib));
    }

    /// <summary>An engine that can find and stop machines but start none, for a host from which QEMU may be gone.</summary>
    public static QemuEngine ForAdoption(QemuEngineOptions options, IToolRunner tools, TimeProvider time, ILoggerFactory loggers) =>
        new(options, tools, time, loggers, "", new EngineDescription("qemu", "unknown", "unknown", "Not chosen: nothing is started.", MinimumMemoryMib));

    /// <inheritdoc/>
    public async Task<Result<IMachine>> StartAsync(MachineSpecification specification, CancellationToken cancellation)
    {
        if (specification.MemoryMib < MinimumMemoryMib)
        {
            return new WispError(
                ErrorCode.GuestMemoryTooSmall, $"A guest does not boot with {specification.MemoryMib} MiB.", $"Give it {MinimumMemoryMib} MiB or more.", "guest-memory");
        }

        var files = new MachineFiles(specification.Directory);
        var memoryFile = Path.Combine(specification.MemoryDirectory, specification.Id.ToString());
        // What a wispd that was killed as it started this machine has left.
        await MachineProcesses.EndAsync(_options, specification.Id, _time);
        var cgroup = MachineCgroup.Create(
            _options.CgroupRoot, specification.Id.ToString(),
            (specification.MemoryMib + QemuCommandLine.OverheadMib) * 1024L * 1024, specification.Vcpus + 1);
        foreach (var missing in cgroup.Missing)
        {
            _logger.LimitMissing(specification.Id, missing);
        }

        VmmProcess? process = null;
        try
        {
            // Before there is anything to find: whoever comes after a crash knows from it what to take away.
            var record = new MachineRecord { Id = specification.Id, MemoryFile = memoryFile, Guest = specification.Guest };
            Directory.CreateDirectory(files.Directory);
            record.Write(files.Record);
            Prepare(files, memoryFile, specification);
            var launched = await LaunchAsync(specification, files, memoryFile, cgroup, cancellation);
            if (!launched.Failed(out var error, out process))
            {
                record = record with { Pid = process.Pid, StartTime = process.StartTime };
                record.Write(files.Record);
                var connected = await VmmConnection.OpenAsync(files, process, _time, _options.StartTimeout, cancellation);
                if (!connected.Failed(out error, out var connection))
                {
                    return new QemuMachine(record, files, process, connection, MachineState.Running, CleanUpAsync, _time, _logger);
                }
            }

            await CleanUpAsync(files, memoryFile, process, specification.Id);
            return error;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await CleanUpAsync(files, memoryFile, process, specification.Id);
            return new WispError(
                ErrorCode.OperationFailed, $"Cannot prepare the machine in {files.Directory}: {exception.Message}", "See that the disk has room.", "disk-full");
        }
        catch (OperationCanceledException)
        {
            await CleanUpAsync(files, memoryFile, process, specification.Id);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<Result<IMachine>> RestoreAsync(MachineSpecification specification, MachineRestore restore, CancellationToken cancellation) =>
        Task.FromResult<Result<IMachine>>(new WispError(ErrorCode.NotSupported, "Restoring is not supported."));

    /// <inheritdoc/>
    public Task<Compatibility> DescribeCompatibilityAsync(string kernel, string initramfs, CancellationToken cancellation) =>
        Task.FromResult(new Compatibility { Engine = "qemu", EngineVersion = Description.Version, Accelerator = Description.Accelerator, Cpu = "max", Machine = 1, KernelSha256 = "", InitramfsSha256 = "" });

    /// <inheritdoc/>
    public void Expect(int memoryMib, int vcpus)
    {
    }

    /// <inheritdoc/>
    public async Task<Result<IMachine>> AdoptAsync(string directory, CancellationToken cancellation)
    {
        var files = new MachineFiles(directory);
        if (MachineRecord.Read(files.Record) is not { Pid: > 0 } record)
        {
            await RemoveAsync(directory);
            return new WispError(ErrorCode.NotFound, $"There is no machine in {directory}.");
        }

        var process = new VmmProcess(record.Pid, record.StartTime);
        if (!process.IsAlive)
        {
            var last = MachineFiles.LastLine(files.VmmLog);
            await CleanUpAsync(files, record.MemoryFile, process, record.Id);
            return new WispError(ErrorCode.NotFound, $"Its VMM (pid {record.Pid}) does not run any more.{(last is null ? "" : " Its last words: " + last)}");
        }

        var connected = await VmmConnection.OpenAsync(files, process, _time, _options.StartTimeout, cancellation);
        if (connected.Failed(out var error, out var connection))
        {
            await CleanUpAsync(files, record.MemoryFile, process, record.Id);
            return error;
        }

        var status = await connection.Qmp.ExecuteAsync("query-status", null, _options.StartTimeout, cancellation);
        if (status.Failed(out error, out var answer))
        {
            await connection.DisposeAsync();
            await CleanUpAsync(files, record.MemoryFile, process, record.Id);
            return error;
        }

        var running = answer.TryGetProperty("running", out var value) && value.GetBoolean();
        return new QemuMachine(record, files, process, connection, running ? MachineState.Running : MachineState.Paused, CleanUpAsync, _time, _logger);
    }

    /// <summary>Ends whatever runs of the machine in a directory, known or not, and takes away what is left of it.</summary>
    /// <param name="directory">The machine's directory (<see cref="MachineSpecification.Directory"/>), named by its id.</param>
    public async Task RemoveAsync(string directory)
    {
        var files = new MachineFiles(directory);
        if (Guid.TryParse(Path.GetFileName(directory), out var id))
        {
            var record = MachineRecord.Read(files.Record);
            await CleanUpAsync(files, record?.MemoryFile, record is null ? null : new VmmProcess(record.Pid, record.StartTime), id);
        }
    }

    private static void Prepare(MachineFiles files, string memoryFile, MachineSpecification specification)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(files.Root);
        if (Directory.Exists(files.Run))
        {
            Directory.Delete(files.Run, recursive: true);
        }

        Directory.CreateDirectory(files.Run, ownerOnly | UnixFileMode.UserExecute);
        Own(files.Run, specification.UserId);
        foreach (var log in (string[])[files.Console, files.KernelLog])
        {
            File.Open(log, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = ownerOnly, Share = FileShare.ReadWrite }).Dispose();
            Own(log, specification.UserId);
        }

        // What an earlier machine of the instance said when it died is not this one's reason.
        File.WriteAllBytes(files.VmmLog, []);
        File.Open(files.KernelLog, FileMode.Truncate).Dispose();
        using (var memory = File.Open(memoryFile, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = ownerOnly }))
        {
            memory.SetLength(specification.MemoryMib * 1024L * 1024);
        }

        Own(memoryFile, specification.UserId);
    }

    private async Task<Result<VmmProcess>> LaunchAsync(
        MachineSpecification specification, MachineFiles files, string memoryFile, MachineCgroup cgroup, CancellationToken cancellation)
    {
        var qemu = QemuCommandLine.Build(_options.Program, specification, files, memoryFile, Description.Accelerator, _tscKhz, TapDescriptor);
        List<string> arguments =
        [
            "--uid", specification.UserId.ToString(CultureInfo.InvariantCulture), "--root", files.Root, "--log", files.VmmLog,
            .. Description.Accelerator == "kvm" ? ["--kvm"] : (string[])[],
            .. specification.Interface is { } network ? ["--tap", network.TapName] : (string[])[],
            .. cgroup.Directories.SelectMany(directory => (string[])["--cgroup", directory]),
            .. ((string[])[specification.Kernel, specification.Initramfs, specification.RootFilesystem]).SelectMany(path => (string[])["--ro", path]),
            .. ((string[])[files.Run, files.Console, files.KernelLog, memoryFile]).SelectMany(path => (string[])["--rw", path]),
            "--", .. qemu,
        ];
        if ((await _tools.RunAsync(new ToolCommand(_jail, arguments), null, cancellation)).Failed(out var error, out var output))
        {
            return error;
        }

        if (!output.Ok || !int.TryParse(output.Stdout.Trim(), CultureInfo.InvariantCulture, out var pid))
        {
            return new WispError(ErrorCode.OperationFailed, $"The VMM cannot be started: {output.LastLine}", "See 'wisp status' for the host's state.", "vmm-start");
        }

        return VmmProcess.Find(pid) is { } process
            ? process
            : new WispError(ErrorCode.OperationFailed, $"The VMM ended at once: {MachineFiles.LastLine(files.VmmLog) ?? "it said nothing"}", null, "vmm-start");
    }

    // Called when no process is left or none shall be.
    private async Task CleanUpAsync(MachineFiles files, string? memoryFile, VmmProcess? process, Guid id)
    {
        if (process is not null)
        {
            await process.EndAsync(_time);
        }

        await MachineProcesses.EndAsync(_options, id, _time);
        try
        {
            if (memoryFile is not null)
            {
                File.Delete(memoryFile);
            }

            foreach (var directory in (string[])[files.Run, files.Root])
            {
                if (Directory.Exists(directory))
                {
                    Directory.Delete(directory, recursive: true);
                }
            }

            // Last: it says what there is to take away.
            File.Delete(files.Record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.CleanUpFailed(id, exception.Message);
        }

        await MachineCgroup.RemoveAsync(_options.CgroupRoot, id.ToString(), _time);
    }

    private static void Own(string path, int user)
    {
        // SAFETY: the path is marshalled for the call.
        if (lchown(path, user, user) != 0)
        {
            throw new IOException($"cannot give {path} to user {user} (errno {Marshal.GetLastPInvokeError()})");
        }
    }

    private static long? ReadTscKhz()
    {
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith("cpu MHz", StringComparison.Ordinal));
        return line is not null && double.TryParse(line.AsSpan(line.IndexOf(':') + 1), CultureInfo.InvariantCulture, out var mhz) ? (long)(mhz * 1000) : null;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, int user, int group);
}
