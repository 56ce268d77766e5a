using Wisp.Platform.Accounts;
using Wisp.Platform.Certificates;
using Wisp.Platform.Frozen;
using Wisp.Platform.Naming;
using Wisp.Platform.Records;

namespace Wisp.Platform.Services;

/// <summary>Puts service groups into the catalogue with their ports open, and takes them out of it.</summary>
internal sealed class ServiceGroupKeeper(
    Catalogue catalogue, AccountQuota quota, AutomaticScope scope, RoutePublisher routes, RecordStore records, DomainResolver domains, TimeProvider time)
{
    /// <summary>Checks a request and gives it names; nothing is touched. In the catalogue's turn.</summary>
    public Result<ServiceGroupRecord> Prepare(AccountView owned, CreateServiceGroup request, bool persistent)
    {
        if (ServiceRules.Check(request) is { } broken)
        {
            return broken;
        }

        var name = request.Name is { } given ? given.ToLowerInvariant() : NameGenerator.ForServiceGroup();
        if (owned.FindGroup(ResourceRef.To(name)).IsSuccess)
        {
            return new WispError(ErrorCode.AlreadyExists, $"A service group with the name '{name}' already exists", "Choose another name.");
        }

        IReadOnlyList<ServiceDomain> wanted = request.Domains.Count > 0
            ? request.Domains
            : [request.Name is null ? NameGenerator.DomainLabel() : NameGenerator.DomainLabel(name)];
        if (domains.Resolve(owned, wanted).Failed(out var error, out var resolved))
        {
            return error;
        }

        var group = new ServiceGroupRecord
        {
            Uuid = Guid.NewGuid(),
            Name = name,
            Account = owned.Account,
            CreatedAt = time.GetUtcNow(),
            Persistent = persistent,
            SoftLimit = (int)(request.SoftLimit ?? ServiceGroupRecord.DefaultSoftLimit),
            HardLimit = (int)(request.HardLimit ?? ServiceGroupRecord.DefaultHardLimit),
            Autokill = Clones.Lifetime(request.Autokill),
            EmptySince = persistent ? time.GetUtcNow() : null,
            Ports = [.. request.Services.Select(service => new PublishedPort(Guid.NewGuid(), service))],
            Domains = resolved.Names,
            Certificates = resolved.Certificates,
        };
        return (scope.Check(group, before: null) ?? quota.CheckGroup(group)) is { } refused ? refused : group;
    }

    /// <summary>Opens a group's ports and makes it durable. In the catalogue's turn.</summary>
    public async Task<Result> AddAsync(ServiceGroupRecord group)
    {
        catalogue.Put(group);
        var result = await routes.PublishAsync(group, CancellationToken.None);
        if (result.IsSuccess)
        {
            result = await records.CommitAsync(RecordStore.Put(group));
            if (result.IsSuccess)
            {
                return result;
            }

            await routes.UnpublishAsync(group);
        }

        catalogue.RemoveGroup(group.Uuid);
        return result;
    }

    /// <summary>Takes a group away. In the catalogue's turn.</summary>
    public async Task<Result> RemoveAsync(ServiceGroupRecord group)
    {
        var removed = await records.CommitAsync(RecordStore.Delete(group));
        if (removed.IsSuccess)
        {
            catalogue.RemoveGroup(group.Uuid);
            await routes.UnpublishAsync(group);
        }

        return removed;
    }

    /// <summary>Notes that a group that stays without one has no instance any more. In the catalogue's turn.</summary>
    public async Task<Result> EmptyAsync(ServiceGroupRecord group)
    {
        var empty = group with { EmptySince = time.GetUtcNow() };
        var noted = await records.CommitAsync(RecordStore.Put(empty));
        if (noted.IsSuccess)
        {
            catalogue.Put(empty);
        }

        return noted;
    }

    /// <summary>Makes a group another. In the catalogue's turn; what cannot be opened or written down leaves it as it was.</summary>
    public async Task<Result> ReplaceAsync(ServiceGroupRecord before, ServiceGroupRecord after)
    {
        if (scope.Check(after, before) is { } refused)
        {
            return refused;
        }

        if (after.Ports.Count > before.Ports.Count && quota.CheckGroup(after) is { } exceeded)
        {
            return exceeded;
        }

        // While it scaled it did not count as empty: the period begins with the end of that.
        if (before.Autoscale is not null && after is { Autoscale: null, EmptySince: not null })
        {
            after = after with { EmptySince = time.GetUtcNow() };
        }

        await routes.UnpublishAsync(before, except: after);
        var result = await routes.PublishAsync(after, CancellationToken.None);
        if (result.IsSuccess)
        {
            result = await records.CommitAsync(RecordStore.Put(after));
        }

        if (result.IsSuccess)
        {
            catalogue.Put(after);
            return result;
        }

        await routes.UnpublishAsync(after, except: before);
        return (await routes.PublishAsync(before, CancellationToken.None)).Failed(out var worse)
            ? new WispError(ErrorCode.OperationFailed, $"{result.Error!.Message} Its former ports could not be opened again: {worse.Message}", "Restart wispd once they are free.")
            : result;
    }
}
