using Microsoft.Extensions.Logging;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Images;
using Wisp.Platform.Instances.Boots;
using Wisp.Platform.Instances.Retention;
using Wisp.Platform.Instances.Sleep;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances.Supervision;

/// <summary>What the owners of all instances of a node share.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger;

    public Fleet(Catalogue catalogue, PlatformOptions options, PlatformDependencies rooms, LiveUse live)
    {
        _logger = rooms.Loggers.CreateLogger("Wisp.Platform");
        (Options, Rooms, Live) = (options, rooms, live);
        Logger = rooms.Loggers.CreateLogger("Wisp.Instances");
        Order = new StartOrder(catalogue);
        Images = new ImageHolds(catalogue, rooms.Images);
        Peers = new Peers(catalogue, rooms.Network, Logger);
        Records = new RecordStore(rooms.State);
        Retained = new RetainedInstances(catalogue, Records, options, rooms.Time, Logger);
        Launcher = new MachineLauncher(options, rooms);
        Freezer = new MachineFreezer(rooms.Snapshots);
        Roots = new SnapshotRoots(catalogue);
        Garbage = new SnapshotGarbage(rooms.Snapshots, Roots, _logger);
        Boots = new BootSnapshots(rooms.Snapshots, Roots, options, rooms.Time, _logger);
        Pressure = new MemoryPressure(options, rooms.Time, _logger);
        Admission = new WakeAdmission(Environment.ProcessorCount + 1, options.AreProcessorsContended, rooms.Time);
        Work = new BackgroundWork(_logger.WorkFailed);
    }

    public PlatformOptions Options { get; }

    public PlatformDependencies Rooms { get; }

    public ILogger Logger { get; }

    public LiveUse Live { get; }

    public StartOrder Order { get; }

    public ImageHolds Images { get; }

    public Peers Peers { get; }

    public RecordStore Records { get; }

    public RetainedInstances Retained { get; }

    public MachineLauncher Launcher { get; }

    public MachineFreezer Freezer { get; }

    public SnapshotRoots Roots { get; }

    public SnapshotGarbage Garbage { get; }

    public BootSnapshots Boots { get; }

    public MemoryPressure Pressure { get; }

    public WakeAdmission Admission { get; }

    /// <summary>Raised when there are other schedules, or others of their times are done.</summary>
    public StateSignal SchedulesChanged { get; } = new();

    /// <summary>What may outlive the instance that began it.</summary>
    public BackgroundWork Work { get; }

    /// <summary>Cancelled when the node lets go of its machines.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins to let go. The owners of instances follow, and then the rest.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await Pressure.DisposeAsync();
        await Work.DisposeAsync();
        _stopping.Dispose();
    }
}
