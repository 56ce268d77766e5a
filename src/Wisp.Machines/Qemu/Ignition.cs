using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
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
internal sealed class Ignition(TimeProvider time, ILogger logger)
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
            Vmm = vmm.Record.Id,
            MemoryBytes = specification.MemoryMib * 1024L * 1024,
            Kept = QemuMachine.DirectoriesOf(memory),
            Notice = Restore?.Notice,
        };
        List<(int Place, SafeFileHandle File)> placed = [];
        try
        {
            Open(placed, specification, files);
            var map = memory.Layers.Count > 0 ? MemoryMap.Compose(record.MemoryBytes, memory.Layers) : null;
            var attached = vmm.Attachment!.AttachAsync(qmp, map, placed, CommandTimeout, cancellation);
            var disk = AttachDiskAsync(qmp, cancellation);
            var loaded = Restore is { } from ? LoadAsync(vmm, from.DevicesPath, cancellation) : Task.FromResult(Result.Success);
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
        if ((Restore is { } restore && (await TellAsync(vmm.Connection.Agent, restore.Notice, time)).Failed(out var refused))
            || (await qmp.ExecuteAsync("cont", null, CommandTimeout, cancellation)).Failed(out refused, out _))
        {
            return refused;
        }

        if (record.Notice is not null)
        {
            record = record with { Notice = null };
            // Only after a crash this matters, and then the guest is told once more.
            record.Renew(files.Record, logger);
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

    private void Open(List<(int Place, SafeFileHandle File)> placed, MachineSpecification specification, MachineFiles files)
    {
        placed.Add((Attachment.ConsolePlace, ConsoleFile.OpenToAppend(files.Console)));
        placed.Add((Attachment.DiskPlace, OpenToRead(specification.RootFilesystem)));
        if (specification.Interface is { } network)
        {
            placed.Add((Attachment.TapPlace, network.Held is { IsClosed: false } held ? held : TapDevice.Open(network.TapName)));
        }

        if (Restore is { } from)
        {
            placed.Add((Attachment.DevicesPlace, OpenToRead(from.DevicesPath)));
        }

        static SafeFileHandle OpenToRead(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

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

    private async Task<Result> LoadAsync(Vmm vmm, string path, CancellationToken cancellation)
    {
        var qmp = vmm.Connection.Qmp;
        var begun = await qmp.ExecuteAsync("migrate-incoming", $$"""{"uri":"fd:{{Attachment.DevicesPlace}}"}""", CommandTimeout, cancellation);
        if (begun.Failed(out var error, out _) && !qmp.IsLost)
        {
            return error;
        }

        // Nobody else reads the events of a VMM that has no guest yet.
        using var late = new CancellationTokenSource(CommandTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            await foreach (var happened in qmp.Events.ReadAllAsync(both.Token))
            {
                switch (happened.Name == "MIGRATION" ? happened.Data.GetProperty("status").GetString() : null)
                {
                    case "completed":
                        return Result.Success;
                    case "failed":
                        return EngineErrors.Devices(path, VmmFiles.LastLine(vmm.Files.Log));
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WispError(ErrorCode.TimedOut, $"The VMM did not read the captured device state {path} within {CommandTimeout.TotalSeconds} s.");
        }

        // It ends itself after it has failed, and may be the faster.
        return EngineErrors.Devices(path, VmmFiles.LastLine(vmm.Files.Log));
    }
}
