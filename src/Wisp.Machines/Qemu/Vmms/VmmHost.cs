using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Wisp.Machines.Limits;
using Wisp.Tools;

namespace Wisp.Machines.Qemu.Vmms;

/// <summary>Starts VMMs in their jails, and takes them away.</summary>
internal sealed partial class VmmHost(QemuEngineOptions options, string jail, string preload, string accelerator, IToolRunner tools, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    private readonly long? _tscKhz = ReadTscKhz();
    private readonly UserIds _users = new(options.FirstUserId, options.UserIds);

    /// <summary>Starts one and connects to it. It stands still; on failure nothing of it is left.</summary>
    /// <param name="shape">What it has.</param>
    /// <param name="boot">What it boots; null when it waits for a captured state.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<Vmm>> StartAsync(VmmShape shape, VmmBoot? boot, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        if (_users.Take(id) is not { } user)
        {
            return new WispError(ErrorCode.NothingFree, $"All {options.UserIds} users for VMMs are taken.", "Stop instances that are not needed.");
        }

        var record = new VmmRecord { Id = id, UserId = user };
        var files = new VmmFiles(Path.Combine(options.VmmDirectory, record.Id.ToString()));
        var started = false;
        try
        {
            // Before there is anything to find: whoever comes after a crash knows from it what to take away.
            Directory.CreateDirectory(files.Directory);
            record.Write(files.Record);
            Prepare(files, user);
            var cgroup = MachineCgroup.Create(
                options.CgroupRoot, record.Id.ToString(), (shape.MemoryMib + QemuCommandLine.OverheadMib) * 1024L * 1024, shape.Vcpus + 1);
            foreach (var missing in cgroup.Missing)
            {
                logger.LimitMissing(record.Id, missing);
            }

            if ((await LaunchAsync(record, shape, files, cgroup, boot, cancellation)).Failed(out var error, out var process))
            {
                return error;
            }

            record = record with { Pid = process.Pid, StartTime = process.StartTime };
            record.Write(files.Record);
            var connected = await ConnectAsync(record, files, process, boot is null, cancellation);
            started = connected.IsSuccess;
            return !connected.IsSuccess && connected.Error is { Help: null } lost && await EndsAsync(process) ? EngineErrors.Ended(files, lost) : connected;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return EngineErrors.OfFile($"Cannot prepare a VMM in {files.Directory}", options.VmmDirectory, exception);
        }
        finally
        {
            if (!started)
            {
                await RemoveAsync(files, record);
                TryDelete(files.Directory);
            }
        }
    }

    /// <summary>Notes a VMM that an earlier process started.</summary>
    public void Note(VmmRecord record) => _users.Note(record.UserId, record.Id);

    /// <summary>Ends a VMM, known or not, and takes away what only it needed. Its logs stay.</summary>
    public async Task RemoveAsync(VmmFiles files, VmmRecord record)
    {
        await new VmmProcess(record.Pid, record.StartTime).EndAsync(time);
        await VmmProcesses.EndAsync(options, record.Id, time);
        await MachineCgroup.RemoveAsync(options.CgroupRoot, record.Id.ToString(), time);
        try
        {
            foreach (var directory in (string[])[files.Run, files.Root])
            {
                if (Directory.Exists(directory))
                {
                    Directory.Delete(directory, recursive: true);
                }
            }

            // Last: it says what there is to take away.
            if (File.Exists(files.Record))
            {
                File.Delete(files.Record);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.CleanUpFailed(record.Id, exception.Message);
        }

        _users.Return(record.UserId, record.Id);
    }

    /// <summary>
    /// Ends the VMMs without a guest that an earlier process has left, and notes the users of those with one: until they are adopted, nobody
    /// else may get them.
    /// </summary>
    public async Task TakeOverAsync()
    {
        foreach (var directory in Directory.Exists(options.VmmDirectory) ? Directory.GetDirectories(options.VmmDirectory) : [])
        {
            var files = new VmmFiles(directory);
            var named = Guid.TryParse(Path.GetFileName(directory), out var id) ? new VmmRecord { Id = id, UserId = 0 } : null;
            if ((VmmRecord.Read(files.Record) ?? named) is { } record)
            {
                await RemoveAsync(files, record);
            }

            TryDelete(directory);
        }

        foreach (var (vmm, user) in VmmProcesses.Users(options))
        {
            _users.Note(user, vmm);
        }
    }

    /// <summary>Ends a VMM that has no guest, without a trace.</summary>
    public async Task DiscardAsync(Vmm vmm)
    {
        await vmm.DisposeAsync();
        await RemoveAsync(vmm.Files, vmm.Record);
        TryDelete(vmm.Files.Directory);
    }

    private async Task<Result<Vmm>> ConnectAsync(VmmRecord record, VmmFiles files, VmmProcess process, bool restores, CancellationToken cancellation)
    {
        if ((await VmmConnection.OpenAsync(files, process, time, options.StartTimeout, cancellation)).Failed(out var error, out var connection))
        {
            return error;
        }

        var vmm = new Vmm(record, files, process, connection, null);
        var ready = false;
        try
        {
            if ((await Attachment.OpenAsync(connection.Qmp, CommandTimeout, cancellation)).Failed(out error, out var line))
            {
                return error;
            }

            vmm = vmm with { Attachment = line };
            // Says when a captured state has been read.
            const string tell = """{"capabilities":[{"capability":"events","state":true}]}""";
            if (restores && (await connection.Qmp.ExecuteAsync("migrate-set-capabilities", tell, CommandTimeout, cancellation)).Failed(out error, out _))
            {
                return error;
            }

            ready = true;
            return vmm;
        }
        finally
        {
            if (!ready)
            {
                await vmm.DisposeAsync();
            }
        }
    }

    // One that hung up is ending, but may not be gone yet.
    private async Task<bool> EndsAsync(VmmProcess process)
    {
        for (var attempt = 0; attempt < 100 && process.IsAlive; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), time);
        }

        return !process.IsAlive;
    }

    private async Task<Result<VmmProcess>> LaunchAsync(
        VmmRecord record, VmmShape shape, VmmFiles files, MachineCgroup cgroup, VmmBoot? boot, CancellationToken cancellation)
    {
        List<string> arguments =
        [
            "--uid", record.UserId.ToString(CultureInfo.InvariantCulture), "--root", files.Root, "--log", files.Log, "--preload", preload,
            .. accelerator == "kvm" ? ["--kvm"] : (string[])[],
            .. cgroup.Directories.SelectMany(directory => (string[])["--cgroup", directory]),
            .. boot is null ? [] : (string[])["--ro", boot.Kernel, "--ro", boot.Initramfs],
            .. ((string[])[files.Run, files.KernelLog]).SelectMany(path => (string[])["--rw", path]),
            "--", .. QemuCommandLine.Build(options.Program, record.Id, shape, files, accelerator, _tscKhz, boot),
        ];
        if ((await tools.RunAsync(new ToolCommand(jail, arguments), null, cancellation)).Failed(out var error, out var output))
        {
            return error;
        }

        if (!output.Ok || !int.TryParse(output.Stdout.Trim(), CultureInfo.InvariantCulture, out var pid))
        {
            return new WispError(ErrorCode.OperationFailed, $"The VMM cannot be started: {output.LastLine}", "See 'wisp status' for the host's state.", "vmm-start");
        }

        return VmmProcess.Find(pid) is { } process
            ? process
            : new WispError(ErrorCode.OperationFailed, $"The VMM ended at once: {VmmFiles.LastLine(files.Log) ?? "it said nothing"}", null, "vmm-start");
    }

    private static void Prepare(VmmFiles files, int user)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(files.Root);
        Directory.CreateDirectory(files.Run, ownerOnly | UnixFileMode.UserExecute);
        Own(files.Run, user);
        File.Open(files.KernelLog, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = ownerOnly }).Dispose();
        Own(files.KernelLog, user);
    }

    private void TryDelete(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.CleanUpFailed(Guid.TryParse(Path.GetFileName(directory), out var id) ? id : Guid.Empty, exception.Message);
        }
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
