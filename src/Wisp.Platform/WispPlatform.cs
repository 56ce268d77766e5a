using Microsoft.Extensions.Logging;
using Wisp.Platform.Forks;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform;

/// <summary>The platform of one node: what it owns, loaded from the state store, with its machines taken over.</summary>
public sealed class WispPlatform : IAsyncDisposable
{
    private readonly Catalogue _catalogue = new();
    private readonly RecordStore _records;
    private readonly RoutePublisher _routes;
    private readonly InstanceService _instances;
    private readonly ILogger _logger;
    private readonly Leftovers _leftovers;
    private readonly AutokillClock _clock;
    private readonly ForkFamilies _families;
    private readonly BackgroundWork _work;

    private WispPlatform(PlatformOptions options, PlatformDependencies rooms)
    {
        _records = new RecordStore(rooms.State);
        _routes = new RoutePublisher(_catalogue, rooms.Gateway, options);
        _logger = rooms.Loggers.CreateLogger("Wisp.Platform");
        var freezer = new MachineFreezer(options, rooms);
        var groups = new ServiceGroupService(_catalogue, _routes, _records, options, rooms.Time);
        _instances = new InstanceService(_catalogue, groups, _routes, _records, options, rooms, freezer);
        _leftovers = new Leftovers(_catalogue, groups, options, rooms, _logger);
        Services = groups;

        IReadOnlySet<Guid> Roots() => new HashSet<Guid>(_catalogue.Frozen.Values.Select(frozen => frozen.Snapshot).OfType<Guid>().Concat(freezer.Holds.All)
            .Concat(_catalogue.Instances.Values.SelectMany(instance => new[] { instance.Record.Origin, instance.Record.Hibernated }.OfType<Guid>())));
        Snapshots = new SnapshotService(_catalogue, rooms.Snapshots, Roots);
        _clock = new AutokillClock(_catalogue, _records, cancellation => rooms.Snapshots.CollectAsync(Roots, cancellation), rooms.Time, _logger);
        _work = new BackgroundWork(_logger.WorkFailed);
        var names = new FrozenNames(_catalogue);
        var templates = new TemplateMaker(_catalogue, names, _instances.RemoveAsync, rooms.Time);
        var onDemand = new OnDemandTemplates(_catalogue, _instances, templates, rooms.Images, options, rooms.Time);
        _families = new ForkFamilies(_catalogue, _work);
        var forks = new ForkService(_catalogue, new ForkMaker(_catalogue, _instances.Factory, _instances.Own, _records), _families, _work, _logger);
        _instances.Origins = new InstanceOrigins(_catalogue, onDemand);
        _instances.Events = new InstanceEvents(forks, _families, new GuestTemplates(templates, _clock.Look, _logger), _clock, _work);
        _instances.Removed = _clock.Collect;
        Frozen = new FrozenInstanceService(
            _catalogue, templates, new CheckpointMaker(_catalogue, names, rooms.Time, _logger), _clock, _records, options, rooms.Time);
    }

    /// <summary>Instances.</summary>
    public IInstanceService Instances => _instances;

    /// <summary>Service groups.</summary>
    public IServiceGroupService Services { get; }

    /// <summary>Templates and checkpoints.</summary>
    public IFrozenInstanceService Frozen { get; }

    /// <summary>The files of what is frozen.</summary>
    public ISnapshotService Snapshots { get; }

    /// <summary>
    /// Loads what exists, takes over the machines that run or sleep, and then opens the published ports. A port that cannot be
    /// opened is logged and keeps its group closed; everything else goes on.
    /// </summary>
    /// <param name="options">Settings.</param>
    /// <param name="rooms">What the platform stands on.</param>
    /// <param name="cancellation">Gives up; machines stay as they are.</param>
    public static async Task<WispPlatform> OpenAsync(PlatformOptions options, PlatformDependencies rooms, CancellationToken cancellation)
    {
        var platform = new WispPlatform(options, rooms);
        foreach (var group in await platform._records.LoadGroupsAsync(cancellation))
        {
            platform._catalogue.Put(group);
        }

        foreach (var frozen in await platform._records.LoadFrozenAsync(cancellation))
        {
            platform._catalogue.Put(frozen);
        }

        var records = await platform._records.LoadInstancesAsync(cancellation);
        await platform._leftovers.SweepMachinesAsync(records, cancellation);
        foreach (var record in records)
        {
            platform._catalogue.Put(platform._instances.Own(record));
        }

        await Task.WhenAll(platform._catalogue.Instances.Values.Select(instance => instance.AdoptAsync(cancellation)));
        await platform._leftovers.SweepRecordsAsync();
        foreach (var child in platform._catalogue.Instances.Values)
        {
            platform._families.Follow(child);
        }

        foreach (var group in platform._catalogue.Groups.Values)
        {
            if ((await platform._routes.PublishAsync(group, cancellation)).Failed(out var error))
            {
                platform._logger.NotPublished(group.Name, error);
            }
        }

        platform._clock.Start();
        platform._clock.Collect();
        return platform;
    }

    /// <summary>Stops every machine, as the node goes down for good.</summary>
    /// <param name="progress">Hears the name of each instance that has stopped.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task StopAllAsync(IProgress<string>? progress, CancellationToken cancellation)
    {
        await Task.WhenAll(_catalogue.Instances.Values.Select(async instance =>
        {
            if (!instance.HasMachine)
            {
                return;
            }

            // One that has just been adopted says in a moment how far it is; before that it could not be asked to stop, only killed.
            await instance.WaitForAsync(state => state != InstanceState.Starting, TimeSpan.FromSeconds(3), cancellation);
            await instance.StopAsync(new StopOptions(Force: false, TimeSpan.Zero, null), StopRequest.Platform);
            await instance.WaitForAsync(_ => !instance.HasMachine, null, cancellation);
            progress?.Report(instance.Record.Name);
        }));
    }

    /// <summary>Lets go of all machines; they run or sleep on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _clock.DisposeAsync();
        foreach (var instance in _catalogue.Instances.Values)
        {
            await instance.DisposeAsync();
        }

        await _work.DisposeAsync();
    }
}
