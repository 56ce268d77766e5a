using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Wisp.Platform.Accounts;
using Wisp.Certificates;
using Wisp.Network;
using Wisp.Platform.Audit;
using Wisp.Platform.Autoscale;
using Wisp.Platform.Certificates;
using Wisp.Platform.Images;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Schedules;
using Wisp.Platform.Services;
using Wisp.Platform.Usage;

namespace Wisp.Platform;

/// <summary>The platform of one node: what it owns, loaded from the state store, with its machines taken over.</summary>
public sealed class WispPlatform : IAsyncDisposable
{
    private readonly Catalogue _catalogue = new();
    private readonly Fleet _fleet;
    private readonly RoutePublisher _routes;
    private readonly InstanceBuilder _instances;
    private readonly DomainResolver _domains;
    private readonly ServiceGroupKeeper _groups;
    private readonly AccountService _accounts;
    private readonly AccountQuota _quota;
    private readonly AuditLog _audit;
    private readonly SemaphoreSlim _starts = new(InstanceService.StartsAtOnce, InstanceService.StartsAtOnce);
    private readonly PlatformDependencies _rooms;
    private readonly PlatformOptions _options;
    private readonly ILogger _logger;
    private readonly FrozenParts _frozen;
    private readonly ScheduleRunner _schedules;
    private readonly ScalingGroups _scaling = new();
    private readonly ScalingLoop _scaler;
    private readonly AutomaticCertificates? _automatic;

    private WispPlatform(PlatformOptions options, PlatformDependencies rooms)
    {
        (_options, _rooms) = (options, rooms);
        _logger = rooms.Loggers.CreateLogger("Wisp.Platform");
        _fleet = new Fleet(
            _catalogue, options, rooms, new LiveUse(account => _accounts!.Find(ResourceRef.To(account)) is { IsSuccess: true, Value: var owner } ? owner : null));
        _routes = new RoutePublisher(_catalogue, rooms.Gateway, _scaling, options);
        _audit = new AuditLog(_fleet.Records, rooms.Time, _logger);
        _accounts = new AccountService(_catalogue, _fleet.Records, _audit, _fleet.Retained, _fleet.Work, rooms.Time);
        _quota = new AccountQuota(_catalogue, _accounts, _fleet.Live);
        _domains = new DomainResolver(_catalogue, rooms.Certificates, options);
        var scope = new AutomaticScope(options, _accounts, isOn: rooms.Issuer is not null);
        _groups = new ServiceGroupKeeper(_catalogue, _quota, scope, _routes, _fleet.Records, _domains, rooms.Time);
        _instances = new InstanceBuilder(_catalogue, _quota, _groups, _routes, _fleet);
        _frozen = new FrozenParts(_catalogue, _quota, _audit, _instances, _groups, _scaling.Look, _fleet);
        _schedules = new ScheduleRunner(_catalogue, _fleet, new ScheduledActs(account => RoomsOf(account, isWholeNode: false)));
        var acts = new ScalingActs(_catalogue, _quota, _fleet.Records, account => RoomsOf(account, isWholeNode: false).Instances, rooms.Time);
        _scaler = new ScalingLoop(_catalogue, _fleet, _scaling, acts);
        _automatic = rooms.Issuer is { } issuer
            ? new AutomaticCertificates(_catalogue, _routes, _fleet.Records, rooms.Certificates, issuer, scope, options, rooms.Time, _logger)
            : null;
        Images = new ImageKeeper(_catalogue, _fleet.Images, rooms.Images);
    }

    /// <summary>Accounts and their tokens.</summary>
    public IAccountService Accounts => _accounts;

    /// <summary>The node's images.</summary>
    public IImageKeeper Images { get; }

    /// <summary>What the network asks about instances.</summary>
    public IGuestDirectory Guests => _fleet.Peers;

    /// <summary>The platform as a caller sees it.</summary>
    public AccountRooms For(Caller caller) => RoomsOf(caller.Account, isWholeNode: caller.Role == Role.Admin);

    private AccountRooms RoomsOf(Guid account, bool isWholeNode)
    {
        var owned = new AccountView(_catalogue, account);
        var certificates = new CertificateService(owned, _catalogue, _fleet.Records, _rooms.Certificates, _rooms.Time);
        return new AccountRooms(
            new InstanceService(owned, _catalogue, _instances, _quota, _starts, _fleet, isWholeNode),
            new ServiceGroupService(owned, _catalogue, _groups, _domains, _routes, certificates, isWholeNode ? _rooms.Gateway : null),
            new AutoscaleService(owned, _catalogue, _groups, _scaling),
            certificates,
            _frozen.ServiceOf(owned),
            _frozen.SnapshotsOf(isWholeNode ? null : account),
            new NodeUsageReader(owned, _accounts, _fleet.Live, _options, _rooms),
            _audit.Of(account));
    }

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
        await platform._accounts.LoadAsync(cancellation);
        await platform._audit.LoadAsync(account => platform._accounts.Find(ResourceRef.To(account)).IsSuccess, cancellation);
        foreach (var record in await platform._fleet.Records.LoadCertificatesAsync(cancellation))
        {
            platform._catalogue.Put(record);
            if (record is { Automatic: not null, Chain: "" })
            {
                continue;
            }

            // One that cannot be read any more is shown as such, and its domains get one of the node's authority.
            if (!CertificateReader.Parse(record.Chain, record.Key).Failed(out var error, out var certificate))
            {
                rooms.Certificates.Put(record.Uuid, certificate, isChosen: record.Automatic is null);
            }
            else
            {
                platform._logger.CertificateUnreadable(record.Name, error);
            }
        }

        foreach (var group in await platform._fleet.Records.LoadGroupsAsync(cancellation))
        {
            platform._catalogue.Put(group);
        }

        var records = await platform._fleet.Records.LoadInstancesAsync(cancellation);
        await platform._fleet.Retained.LoadAsync(cancellation);
        await platform._frozen.LoadAsync(records, cancellation);
        foreach (var record in records)
        {
            platform._catalogue.Put(platform._instances.Own(record));
        }

        await platform._fleet.Peers.AdmitAsync(records);
        await Task.WhenAll(platform._catalogue.Instances.Values.Select(instance => instance.AdoptAsync(cancellation)));
        await platform._audit.StartAsync();
        foreach (var (memoryMb, vcpus) in platform._catalogue.Instances.Values.Where(instance => instance.Record.Hibernated is not null)
            .Select(instance => (instance.Record.MemoryMb, instance.Record.Vcpus)).Distinct())
        {
            rooms.Engine.Expect(memoryMb, vcpus);
        }

        await platform._frozen.StartAsync();
        foreach (var group in platform._catalogue.Groups.Values)
        {
            if ((await platform._routes.PublishAsync(group, cancellation)).Failed(out var error))
            {
                platform._logger.NotPublished(group.Name, error);
            }
        }

        // After the adoption: until then nobody knows what the machines lie on.
        await platform._fleet.Garbage.CollectAsync(cancellation);
        platform._schedules.Start();
        platform._scaler.Start();
        platform._automatic?.Start();
        return platform;
    }

    /// <summary>Names snapshots that must be kept; it is asked each time that others are deleted.</summary>
    internal void NeedSnapshots(Func<IEnumerable<Guid>> needed) => _fleet.Roots.Add(needed);

    /// <summary>
    /// Ends every machine, as the node goes down for good. Stateful instances that scale to zero, and those that were suspended, are frozen
    /// to disk and sleep on; all others are stopped. One whose memory cannot be written keeps its machine, asleep.
    /// </summary>
    /// <param name="progress">Hears of each instance whose machine has ended, and whether it sleeps on.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Nothing, or which instances still have a machine, and why.</returns>
    public async Task<Result> StopAllAsync(IProgress<(string Name, bool IsFrozen)>? progress, CancellationToken cancellation)
    {
        var kept = new ConcurrentQueue<(string Name, WispError Error)>();
        // Or one might be started behind our back.
        await _schedules.StopAsync();
        await _scaler.StopAsync();
        await Task.WhenAll(_catalogue.Instances.Values.Select(async instance =>
        {
            if (!instance.HasMachine && instance.State != InstanceState.Starting)
            {
                return;
            }

            // One that has just been adopted says in a moment how far it is; before that it could not be asked to stop, only killed.
            await instance.WaitForAsync(state => state != InstanceState.Starting, TimeSpan.FromSeconds(3), cancellation);
            if ((await instance.HibernateForDownAsync(cancellation)).Failed(out var error, out var isFrozen))
            {
                kept.Enqueue((instance.Record.Name, error));
                return;
            }

            if (!isFrozen)
            {
                await instance.StopAsync(new StopOptions(Force: false, TimeSpan.Zero, null), StopRequest.Platform);
                await instance.WaitForAsync(_ => !instance.HasMachine, null, cancellation);
            }

            progress?.Report((instance.Record.Name, isFrozen));
        }));
        return kept.TryPeek(out var first)
            ? new WispError(
                first.Error.Code,
                $"The memory of {string.Join(", ", kept.Select(one => one.Name).Order(StringComparer.Ordinal))} cannot be written: {first.Error.Message} "
                    + "So that nothing is lost, the machines were left as they are, asleep.",
                $"Mend that and run 'wisp down' again; or give the memory up: wisp up, wisp instances stop {first.Name}, wisp down.", first.Error.Help)
            : Result.Success;
    }

    /// <summary>Ends what the node does with the gateway by itself, as that is about to close.</summary>
    public Task StopIssuingAsync() => _automatic?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Lets go of all machines; they run or sleep on.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopIssuingAsync();
        await _schedules.DisposeAsync();
        await _scaler.DisposeAsync();
        await _frozen.DisposeAsync();
        await _fleet.StopAsync();
        foreach (var instance in _catalogue.Instances.Values)
        {
            await instance.DisposeAsync();
        }

        await _fleet.DisposeAsync();
        await _audit.DisposeAsync();
        _starts.Dispose();
    }
}
