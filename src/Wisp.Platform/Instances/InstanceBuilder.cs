using Microsoft.Extensions.Logging;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Instances;

/// <summary>Puts instances into the catalogue, and takes them out of it.</summary>
internal sealed class InstanceBuilder(
    Catalogue catalogue, AccountQuota quota, ServiceGroupKeeper groups, RoutePublisher routes, Fleet fleet) : IInstanceBuilder
{
    private readonly ILogger _logger = fleet.Logger;

    /// <summary>Makes records.</summary>
    public InstanceFactory Factory { get; } = new(catalogue, quota, fleet.Options, fleet.Rooms);

    /// <summary>What instances begin from that is no image. Set as the platform is put together: templates on demand need instances in turn.</summary>
    public InstanceOrigins Origins { private get; set; } = null!;

    /// <summary>Who hears what they do.</summary>
    public IInstanceEvents? Events { private get; set; }

    /// <summary>Makes the owner of a stored instance, as the node comes up.</summary>
    public InstanceSupervisor Own(InstanceRecord record)
    {
        var ports = record.Preparation?.Ports
            ?? (record.ServiceGroup is { } uuid && catalogue.Groups.TryGetValue(uuid, out var group) ? WatchedPorts.Of(group) : []);
        return new InstanceSupervisor(record, ports, fleet, RemoveAsync) { Events = Events };
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceSupervisor>> BuildAsync(Guid account, CreateInstance request, Preparation preparation, CancellationToken cancellation) =>
        (await AddAsync(new AccountView(catalogue, account), request, preparation, cancellation)).Failed(out var error, out var made) ? error : made[0];

    /// <summary>Adds an instance and its replicas to an account; all of them or none.</summary>
    public async Task<Result<IReadOnlyList<InstanceSupervisor>>> AddAsync(AccountView owned, CreateInstance request, Preparation? preparation, CancellationToken cancellation)
    {
        // Before the turn: a branch is written to disk, a template on demand may have to boot.
        if ((await Origins.FindAsync(owned, request, cancellation)).Failed(out var failed, out var origin))
        {
            return failed;
        }

        await using var held = origin;
        return await AddAsync(owned, request, origin, preparation, cancellation);
    }

    private async Task<Result<IReadOnlyList<InstanceSupervisor>>> AddAsync(
        AccountView owned, CreateInstance request, InstanceOrigin? origin, Preparation? preparation, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        ServiceGroupRecord? created = null;
        Guid? group = null;
        if (Origins.Use(origin, fleet.Rooms.Time.GetUtcNow()).Failed(out var error, out var used))
        {
            return error;
        }

        if (request.ServiceGroup is { } reference)
        {
            if (owned.FindGroup(reference).Failed(out error, out var existing))
            {
                return error;
            }

            group = existing.Uuid;
        }
        else if (request.NewServiceGroup is { } wanted)
        {
            if (groups.Prepare(owned, wanted, persistent: false).Failed(out error, out created))
            {
                return error;
            }

            group = created.Uuid;
        }

        // All checks come before the first port is opened; from there on a failure takes back what was done.
        if ((await Factory.PrepareAsync(owned, request, origin, group, cancellation)).Failed(out error, out var made)
            || created is not null && (await groups.AddAsync(created)).Failed(out error))
        {
            return error;
        }

        if (preparation is not null)
        {
            made = [.. made.Select(record => record with { Preparation = preparation })];
        }

        var changes = made.Select(RecordStore.Put).ToList();
        var filled = group is { } taken && catalogue.Groups[taken] is { EmptySince: not null } empty ? empty with { EmptySince = null } : null;
        if (filled is not null)
        {
            changes.Add(RecordStore.Put(filled));
        }

        if (used is not null)
        {
            changes.Add(RecordStore.Put(used));
        }

        // What concerns nobody else is written without the turn, so that many go to the disk together.
        var aside = group is null && used is null;
        Result committed;
        if (aside)
        {
            catalogue.Promise(made);
            turn.Leave();
            try
            {
                committed = await fleet.Records.CommitAsync([.. changes]);
            }
            finally
            {
                await turn.EnterAsync();
                catalogue.Redeem(made);
            }
        }
        else
        {
            committed = await fleet.Records.CommitAsync([.. changes]);
        }

        if (committed.Failed(out error))
        {
            if (created is not null)
            {
                await groups.RemoveAsync(created);
            }

            return error;
        }

        if (used is not null)
        {
            catalogue.Put(used);
        }

        if (filled is not null)
        {
            catalogue.Put(filled);
        }

        var owners = made.Select(Own).ToArray();
        foreach (var owner in owners)
        {
            catalogue.Put(owner);
            Events?.Created(owner);
        }

        await fleet.Peers.AdmitAsync(made);
        fleet.SchedulesChanged.Raise();
        if (group is { } joined)
        {
            await routes.PublishAsync(catalogue.Groups[joined], CancellationToken.None);
        }

        return owners;
    }

    /// <summary>Takes an instance that is one no more out of the catalogue, out of its group and off the node.</summary>
    public async Task RemoveAsync(InstanceSupervisor instance)
    {
        await TakeOutAsync(instance);
        await fleet.Garbage.CollectAsync(CancellationToken.None);
    }

    private async Task TakeOutAsync(InstanceSupervisor instance)
    {
        using var turn = await catalogue.ChangeAsync(CancellationToken.None);
        // Before its slot is another's.
        await fleet.Peers.DismissAsync(instance.Record);
        catalogue.RemoveInstance(instance);
        foreach (var dependent in fleet.Order.DependentsOf(instance.Record.Uuid))
        {
            _logger.DependencyGone(dependent.Record.Name, dependent.Record.Uuid, instance.Record.Name);
        }

        if (instance.Record.ServiceGroup is { } uuid && catalogue.Groups.TryGetValue(uuid, out var group))
        {
            var isEmpty = !catalogue.InstancesOf(uuid).Any();
            var result = isEmpty && !group.Persistent ? await groups.RemoveAsync(group) : await routes.PublishAsync(group, CancellationToken.None);
            if (result.IsSuccess && isEmpty && group.Persistent)
            {
                result = await groups.EmptyAsync(group);
            }

            if (result.Failed(out var error))
            {
                _logger.Trouble(instance.Record.Name, instance.Record.Uuid, "taking it out of its service group", error);
            }
        }

        fleet.Retained.ClearDirectory(instance.Directory, instance.Record.Name, instance.Record.Uuid);
    }
}
