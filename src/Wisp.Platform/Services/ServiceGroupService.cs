using Wisp.Platform.Instances;
using Wisp.Platform.Naming;
using Wisp.Platform.Records;

namespace Wisp.Platform.Services;

/// <inheritdoc cref="IServiceGroupService"/>
internal sealed class ServiceGroupService(
    Catalogue catalogue, RoutePublisher routes, RecordStore records, PlatformOptions options, TimeProvider time) : IServiceGroupService
{
    /// <inheritdoc/>
    public async Task<Result<ServiceGroupView>> CreateAsync(CreateServiceGroup request, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (Prepare(request, persistent: true).Failed(out var error, out var group)
            || (await AddAsync(group)).Failed(out error))
        {
            return error;
        }

        return View(group);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ServiceGroupView> List() =>
        [.. catalogue.Groups.Values.OrderBy(group => group.CreatedAt).Select(View)];

    /// <inheritdoc/>
    public Result<ServiceGroupView> Find(ResourceRef reference) =>
        catalogue.FindGroup(reference).Failed(out var error, out var group) ? error : View(group);

    /// <inheritdoc/>
    public async Task<Result<ServiceGroupView>> ChangeAsync(ResourceRef reference, ServiceGroupChange change, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (catalogue.FindGroup(reference).Failed(out var error, out var group)
            || ServiceGroupChanges.Apply(group, change, Complete).Failed(out error, out var changed)
            || (await ReplaceAsync(group, changed)).Failed(out error))
        {
            return error;
        }

        var ports = WatchedPorts.Of(changed);
        foreach (var instance in catalogue.InstancesOf(changed.Uuid))
        {
            instance.Watch(ports);
        }

        return View(changed);
    }

    // In the catalogue's turn. What cannot be opened or written down leaves the group as it was.
    private async Task<Result> ReplaceAsync(ServiceGroupRecord before, ServiceGroupRecord after)
    {
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

    /// <inheritdoc/>
    public async Task<Result<ServiceGroupView>> DeleteAsync(ResourceRef reference, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (catalogue.FindGroup(reference).Failed(out var error, out var group))
        {
            return error;
        }

        var view = View(group);
        if (view.Instances is [var first, ..])
        {
            return new WispError(
                ErrorCode.Attached,
                $"Service group '{group.Name}' still has {view.Instances.Count} instances, such as '{first.Name}'.",
                $"Delete them first: wisp instances delete {first.Name}");
        }

        return (await RemoveAsync(group)).Failed(out error) ? error : view;
    }

    /// <summary>Checks a request and gives it names; nothing is touched. In the catalogue's turn.</summary>
    public Result<ServiceGroupRecord> Prepare(CreateServiceGroup request, bool persistent)
    {
        if (ServiceRules.Check(request) is { } broken)
        {
            return broken;
        }

        var name = request.Name is { } given ? given.ToLowerInvariant() : NameGenerator.ForServiceGroup();
        if (catalogue.FindGroup(ResourceRef.To(name)).IsSuccess)
        {
            return new WispError(ErrorCode.AlreadyExists, $"A service group with the name '{name}' already exists", "Choose another name.");
        }

        return new ServiceGroupRecord
        {
            Uuid = Guid.NewGuid(),
            Name = name,
            CreatedAt = time.GetUtcNow(),
            Persistent = persistent,
            SoftLimit = (int)(request.SoftLimit ?? ServiceGroupRecord.DefaultSoftLimit),
            HardLimit = (int)(request.HardLimit ?? ServiceGroupRecord.DefaultHardLimit),
            Ports = [.. request.Services.Select(service => new PublishedPort(Guid.NewGuid(), service))],
            Domains = request.Domains.Count > 0
                ? [.. request.Domains.Select(Complete)]
                : [Complete(request.Name is null ? NameGenerator.DomainLabel() : NameGenerator.DomainLabel(name))],
        };
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

    // A name that ends in a dot is complete; any other is a label under the node's suffix.
    private string Complete(string domain) =>
        (domain.EndsWith('.') ? domain[..^1] : $"{domain}.{options.DomainSuffix}").ToLowerInvariant();

    private ServiceGroupView View(ServiceGroupRecord group) => new()
    {
        Uuid = group.Uuid,
        Name = group.Name,
        CreatedAt = group.CreatedAt,
        Persistent = group.Persistent,
        SoftLimit = group.SoftLimit,
        HardLimit = group.HardLimit,
        Services = [.. group.Ports.Select(port => port.Service)],
        Domains = group.Domains,
        Instances = [.. catalogue.InstancesOf(group.Uuid).Select(instance => (instance.Record.Uuid, instance.Record.Name))],
    };
}
