using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Wisp.GuestProtocol;
using Wisp.Machines.Agent;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Qmp;
using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Qemu;

/// <summary>
/// Gives a VMM its guest and lets it run. This is the wake path of what sleeps deeply and the start path of every clone: one message
/// with all descriptors, all commands that need no answer of another in one go, no fsync.
/// </summary>
internal sealed class Ignition(TimeProvider time)
{
    private const int EntropyBytes = 64;

    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What the guest is woken from; null when it boots.</summary>
    public MachineRestore? Restore { get; init; }

    /// <summary>Runs it.</summary>
    /// <returns>What is kept of the machine; it is on disk.</returns>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public async Task<Result<MachineRecord>> LightAsync(
        MachineSpecification specification, MachineFiles files, Vmm vmm, MachineMemory memory, CancellationToken cancellation)
    {
        var qmp = vmm.Connection.Qmp;
        var record = new MachineRecord
        {
            Id = specification.Id,
            Guest = specification.Guest,
            MemoryBytes = specification.MemoryMib * 1024L * 1024,
            Kept = QemuMachine.DirectoriesOf(memory),
            Notice = Restore?.Notice,
        };
        List<(int Place, SafeFileHandle File)> placed =
        [
            (Attachment.ConsolePlace, ConsoleFile.OpenToAppend(files.Console)),
            (Attachment.DiskPlace, File.OpenHandle(specification.RootFilesystem, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)),
        ];
        try
        {
            if (specification.Interface is { } network)
            {
                placed.Add((Attachment.TapPlace, TapDevice.Open(network.TapName)));
            }

            if (Restore is { } from)
            {
                placed.Add((Attachment.DevicesPlace, File.OpenHandle(from.DevicesPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)));
            }

            var map = memory.Layers.Count > 0 ? MemoryMap.Compose(record.MemoryBytes, memory.Layers) : null;
            var attached = vmm.Attachment!.AttachAsync(qmp, map, placed, CommandTimeout, cancellation);
            var disk = AttachDiskAsync(qmp, cancellation);
            var loaded = Restore is null ? Task.FromResult(Result.Success) : LoadAsync(qmp, cancellation);
            // All three come to their end, whichever fails: the files stay open until then.
            await Task.WhenAll(attached, disk, loaded);
            if ((await attached).Failed(out var error, out var address) || (await disk).Failed(out error) || (await loaded).Failed(out error))
            {
                return error;
            }

            record = record with { MemoryAddress = address };
        }
        finally
        {
            placed.ForEach(pair => pair.File.Dispose());
        }

        // From here on there may have been a guest: what comes after a crash must know.
        record.Write(files.Record, durable: Restore is null);
        Restore?.BeforeRun?.Invoke();
        if (Restore is { } restore)
        {
            await TellAsync(vmm.Connection.Agent, restore.Notice, time);
        }

        if ((await qmp.ExecuteAsync("cont", null, CommandTimeout, cancellation)).Failed(out var refused, out _))
        {
            return refused;
        }

        if (record.Notice is not null)
        {
            record = record with { Notice = null };
            record.Write(files.Record, durable: false);
        }

        return record;
    }

    /// <summary>Tells a guest that goes on from a captured memory who and when it is; it waits in its queue when the first instruction runs.</summary>
    public static Task<Result> TellAsync(AgentConnection agent, GuestRestore notice, TimeProvider time) =>
        agent.SendAsync(AgentFrame.Encode(FrameKind.Restore, (notice with
        {
            UnixNanoseconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100,
            Entropy = RandomNumberGenerator.GetBytes(EntropyBytes),
        }).Encode()));

    private static async Task<Result> AttachDiskAsync(QmpClient qmp, CancellationToken cancellation)
    {
        // Writes never reach it, so there is nothing to flush and nobody to lock out.
        var add = qmp.ExecuteAsync(
            "blockdev-add",
            $$$"""{"driver":"file","node-name":"image","filename":"/wisp/fd/{{{Attachment.DiskPlace}}}","read-only":true,"locking":"off","cache":{"no-flush":true}}""",
            CommandTimeout, cancellation);
        var open = qmp.ExecuteAsync(
            "blockdev-reopen", $$"""{"options":[{"driver":"raw","node-name":"{{QemuCommandLine.RootNode}}","file":"image","read-only":true}]}""",
            CommandTimeout, cancellation);
        await Task.WhenAll(add, open);
        return (await add).Failed(out var error, out _) || (await open).Failed(out error, out _) ? error : Result.Success;
    }

    private static async Task<Result> LoadAsync(QmpClient qmp, CancellationToken cancellation)
    {
        var begun = qmp.ExecuteAsync("migrate-incoming", $$"""{"uri":"fd:{{Attachment.DevicesPlace}}"}""", CommandTimeout, cancellation);
        if ((await begun).Failed(out var error, out _))
        {
            return error;
        }

        // Nobody else reads the events of a VMM that has no guest yet.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(CommandTimeout);
        try
        {
            await foreach (var happened in qmp.Events.ReadAllAsync(late.Token))
            {
                switch (happened.Name == "MIGRATION" ? happened.Data.GetProperty("status").GetString() : null)
                {
                    case "completed":
                        return Result.Success;
                    case "failed":
                        return new WispError(ErrorCode.OperationFailed, "The VMM cannot read the captured device state.", null, "snapshot-incompatible");
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WispError(ErrorCode.TimedOut, "The VMM did not read the captured device state in time.");
        }

        return new WispError(ErrorCode.OperationFailed, "The VMM ended while it read the captured device state.", null, "vmm-start");
    }
}
