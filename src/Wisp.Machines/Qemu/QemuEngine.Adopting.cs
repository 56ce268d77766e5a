using Wisp.GuestProtocol;
using Wisp.Machines.Qemu.Vmms;

namespace Wisp.Machines.Qemu;

public sealed partial class QemuEngine
{
    /// <inheritdoc/>
    public async Task<Result<IMachine>> AdoptAsync(string directory, CancellationToken cancellation)
    {
        var files = new MachineFiles(directory);
        if (MachineRecord.Read(files.Record) is not { } record || VmmRecord.Read(files.Vmm.Record) is not { Pid: > 0 } vmm)
        {
            await RemoveAsync(directory);
            return new WispError(ErrorCode.NotFound, $"There is no machine in {directory}.");
        }

        _host.Note(vmm);
        var process = new VmmProcess(vmm.Pid, vmm.StartTime);
        if (!process.IsAlive)
        {
            var last = VmmFiles.LastLine(files.Vmm.Log);
            await CleanUpAsync(files, vmm);
            return new WispError(ErrorCode.NotFound, $"Its VMM (pid {vmm.Pid}) does not run any more.{(last is null ? "" : " Its last words: " + last)}");
        }

        if ((await VmmConnection.OpenAsync(files.Vmm, process, _time, _options.StartTimeout, cancellation)).Failed(out var error, out var connection))
        {
            await CleanUpAsync(files, vmm);
            return error;
        }

        Result<bool> asked;
        try
        {
            asked = await RunsAsync(connection, record.Notice, cancellation);
        }
        catch (OperationCanceledException)
        {
            await connection.DisposeAsync();
            throw;
        }

        if (asked.Failed(out error, out var running))
        {
            await connection.DisposeAsync();
            await CleanUpAsync(files, vmm);
            return error;
        }

        if (record.Notice is not null)
        {
            record = record with { Notice = null };
            record.Renew(files.Record, _logger);
        }

        var memory = new MachineMemory([.. record.Kept.Select(kept => KeptLayer.Read(kept, record.MemoryBytes))], record.Kept.Count);
        var machine = new QemuMachine(
            record, files, new Vmm(vmm, files.Vmm, process, connection, null), memory, running ? MachineState.Running : MachineState.Paused, CleanUpAsync, _time, _logger)
        {
            CgroupRoot = _options.CgroupRoot,
        };
        if (running)
        {
            await machine.GreetAsync();
        }

        return machine;
    }

    // One that was just about to run when its wispd ended does so now.
    private async Task<Result<bool>> RunsAsync(VmmConnection connection, GuestRestore? notice, CancellationToken cancellation)
    {
        if ((await connection.Qmp.ExecuteAsync("query-status", null, _options.StartTimeout, cancellation)).Failed(out var error, out var answer))
        {
            return error;
        }

        var running = answer.TryGetProperty("running", out var value) && value.GetBoolean();
        if (running || notice is null)
        {
            return running;
        }

        return (await Ignition.TellAsync(connection.Agent, notice, _time)).Failed(out error)
            || (await connection.Qmp.ExecuteAsync("cont", null, _options.StartTimeout, cancellation)).Failed(out error, out _)
            ? error
            : true;
    }
}
