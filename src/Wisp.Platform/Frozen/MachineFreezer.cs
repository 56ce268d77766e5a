using System.Text.Json;
using Wisp.Machines;
using Wisp.Platform.Instances.Sleep;
using Wisp.Platform.Records;
using Wisp.Snapshots;

namespace Wisp.Platform.Frozen;

/// <summary>Writes what a machine is at one moment into the snapshot store.</summary>
internal sealed class MachineFreezer(ISnapshotStore snapshots)
{
    /// <summary>Snapshots that are about to be referred to.</summary>
    public SnapshotHolds Holds { get; } = new();

    /// <summary>Captures a running machine. What is returned is not in the store yet; dispose of its draft in any case.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="machine">Its machine.</param>
    /// <param name="openPorts">Ports in its guest that are known to be open.</param>
    /// <param name="kind">What for.</param>
    /// <param name="runOn">True has it run on, after a pause of milliseconds; false leaves it paused.</param>
    public async Task<Result<Captured>> CaptureAsync(InstanceRecord record, IMachine machine, IReadOnlyCollection<int> openPorts, SnapshotKind kind, bool runOn)
    {
        var layers = KeptLayers.Of(machine.Memory);
        if (snapshots.Begin(kind, layers).Failed(out var error, out var draft))
        {
            return error;
        }

        var request = new CaptureRequest { MemoryPath = draft.MemoryPath, DevicesPath = draft.DevicesPath, Precopy = runOn, RunOn = runOn };
        if ((await machine.CaptureAsync(request, CancellationToken.None)).Failed(out error, out var capture))
        {
            await draft.DisposeAsync();
            return error;
        }

        var settings = new FrozenSettings(record.Args, record.Env, record.Hostname, [.. openPorts.Order()]);
        var manifest = Freezing.Describe(record, layers) with
        {
            PauseUs = runOn ? (long)capture.Pause.TotalMicroseconds : null,
            Metadata = JsonSerializer.SerializeToElement(settings, RecordJson.Default.FrozenSettings),
        };
        return new Captured(draft, manifest, capture);
    }

    /// <summary>A machine that was captured.</summary>
    internal sealed record Captured(SnapshotDraft Draft, SnapshotManifest Manifest, MachineCapture Capture)
    {
        /// <summary>Sees it to disk and puts it into the store.</summary>
        public async Task<Result<Snapshot>> CommitAsync()
        {
            var committed = await Draft.CommitAsync(Manifest, Capture.Extents, CancellationToken.None);
            if (!committed.IsSuccess)
            {
                await Draft.DisposeAsync();
            }

            return committed;
        }
    }
}
