using Wisp.Platform.Accounts;
using Wisp.Platform.Audit;
using Wisp.Platform.Forks;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform;

/// <summary>All that freezes instances and makes instances of what is frozen, put together.</summary>
internal sealed class FrozenParts : IAsyncDisposable
{
    private readonly Catalogue _catalogue;
    private readonly Fleet _fleet;
    private readonly Leftovers _leftovers;
    private readonly AutokillClock _clock;
    private readonly ForkFamilies _families;
    private readonly TemplateMaker _templates;
    private readonly CheckpointMaker _checkpoints;

    public FrozenParts(Catalogue catalogue, AccountQuota quota, AuditLog audit, InstanceBuilder instances, ServiceGroupKeeper groups, StateSignal scaling, Fleet fleet)
    {
        (_catalogue, _fleet) = (catalogue, fleet);
        var (rooms, time) = (fleet.Rooms, fleet.Rooms.Time);
        fleet.Roots.Add(() => catalogue.Frozen.Values.Select(frozen => frozen.Snapshot).OfType<Guid>().Concat(fleet.Freezer.Holds.All));
        _leftovers = new Leftovers(catalogue, groups, fleet.Retained, fleet.Options, rooms, fleet.Logger);
        _clock = new AutokillClock(catalogue, groups, fleet.Records, fleet.Retained, fleet.Garbage.CollectAsync, time, fleet.Logger);
        (fleet.Retained.Kept, catalogue.GroupChanged) = (_clock.Look, _clock.Look);
        var names = new FrozenNames(catalogue);
        var templates = new TemplateMaker(catalogue, names, quota, instances.RemoveAsync, fleet.Work, time);
        _families = new ForkFamilies(catalogue, fleet.Work);
        var limit = new ForkLimit(catalogue, fleet.Live, fleet.Options, time, fleet.Logger);
        var forks = new ForkService(
            catalogue, new ForkMaker(catalogue, instances.Factory, instances.Own, fleet.Records, fleet.Peers, limit), _families, limit, fleet.Work, fleet.Logger);
        instances.Origins = new InstanceOrigins(catalogue, new OnDemandTemplates(catalogue, instances, templates, rooms.Images, fleet.Options, time));
        instances.Events = new InstanceEvents(forks, _families, new GuestTemplates(templates, _clock.Look, fleet.Logger), _clock, audit, scaling, fleet.Work);
        _templates = templates;
        _checkpoints = new CheckpointMaker(
            catalogue, names, quota,
            checkpoint =>
            {
                audit.Created(checkpoint);
                _clock.Look();
            },
            fleet.Work, time, fleet.Logger);
    }

    /// <summary>Templates and checkpoints of an account.</summary>
    public IFrozenInstanceService ServiceOf(AccountView owned) =>
        new FrozenInstanceService(owned, _catalogue, _templates, _checkpoints, _clock, _fleet.Records, _fleet.Options, _fleet.Rooms.Time);

    /// <summary>The files of what is frozen that an account needs; null is the whole node.</summary>
    public ISnapshotService SnapshotsOf(Guid? account) =>
        new SnapshotService(_catalogue, account, _fleet.Rooms.Snapshots, _fleet.Roots.All);

    /// <summary>Loads what is frozen, and ends what an earlier wispd left half done. Before anything is adopted.</summary>
    /// <param name="instances">All instances there are.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task LoadAsync(IReadOnlyList<InstanceRecord> instances, CancellationToken cancellation)
    {
        foreach (var frozen in await _fleet.Records.LoadFrozenAsync(cancellation))
        {
            _catalogue.Put(frozen);
        }

        await _leftovers.SweepMachinesAsync(instances, cancellation);
    }

    /// <summary>Goes on where an earlier wispd was. After everything is adopted.</summary>
    public async Task StartAsync()
    {
        await _leftovers.SweepRecordsAsync();
        foreach (var child in _catalogue.Instances.Values)
        {
            _families.Follow(child);
        }

        _clock.Start();
    }

    public ValueTask DisposeAsync() => _clock.DisposeAsync();
}
