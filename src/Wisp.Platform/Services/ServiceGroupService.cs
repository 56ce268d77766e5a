using Wisp.Gateway;
using Wisp.Platform.Accounts;
using Wisp.Platform.Certificates;
using Wisp.Platform.Instances;
using Wisp.Platform.Records;

namespace Wisp.Platform.Services;

/// <inheritdoc cref="IServiceGroupService"/>
internal sealed class ServiceGroupService(
    AccountView owned, Catalogue catalogue, ServiceGroupKeeper keeper, DomainResolver domains, RoutePublisher routes, ICertificateService certificates,
    IGateway? node) : IServiceGroupService
{
    /// <inheritdoc/>
    public async Task<Result<ServiceGroupView>> CreateAsync(CreateServiceGroup request, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (keeper.Prepare(owned, request, persistent: true).Failed(out var error, out var group)
            || (await keeper.AddAsync(group)).Failed(out error))
        {
            return error;
        }

        return View(group);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ServiceGroupView> List() =>
        [.. owned.Groups.OrderBy(group => group.CreatedAt).Select(View)];

    /// <inheritdoc/>
    public Result<ServiceGroupView> Find(ResourceRef reference) =>
        owned.FindGroup(reference).Failed(out var error, out var group) ? error : View(group);

    /// <inheritdoc/>
    public Result<ServiceMeasurements> Measure(ResourceRef reference)
    {
        if (owned.FindGroup(reference).Failed(out var error, out var group))
        {
            return error;
        }

        var states = catalogue.InstancesOf(group.Uuid).Select(instance => instance.Backend.State).ToArray();
        return new ServiceMeasurements(group.Uuid, group.Name, group.Domains, catalogue.TrafficOf(group), states.Length, states.Count(state => state == BackendState.Awake));
    }

    /// <inheritdoc/>
    public GatewayTraffic? Node => node?.Traffic;

    /// <inheritdoc/>
    public async Task<Result<ServiceGroupView>> ChangeAsync(ResourceRef reference, ServiceGroupChange change, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (owned.FindGroup(reference).Failed(out var error, out var group)
            || ServiceGroupChanges.Apply(group, change, domains.Complete, wanted => domains.Resolve(owned, wanted)).Failed(out error, out var changed)
            || (await keeper.ReplaceAsync(group, changed)).Failed(out error))
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

    /// <inheritdoc/>
    public async Task<Result<ServiceGroupView>> DeleteAsync(ResourceRef reference, CancellationToken cancellation)
    {
        using var turn = await catalogue.ChangeAsync(cancellation);
        if (owned.FindGroup(reference).Failed(out var error, out var group))
        {
            return error;
        }

        if (group.Autoscale is not null)
        {
            return new WispError(
                ErrorCode.AutoscaleConfigured, $"Autoscale is configured for service group '{group.Name}'.", $"End it first: wisp services autoscale delete {group.Name}");
        }

        var view = View(group);
        if (view.Instances is [var first, ..])
        {
            return new WispError(
                ErrorCode.Attached,
                $"Service group '{group.Name}' still has {view.Instances.Count} instances, such as '{first.Name}'.",
                $"Delete them first: wisp instances delete {first.Name}");
        }

        return (await keeper.RemoveAsync(group)).Failed(out error) ? error : view;
    }

    private CertificateView? CertificateOf(ServiceGroupRecord group, string domain) =>
        group.Certificates.TryGetValue(domain, out var chosen) && !certificates.Find(ResourceRef.To(chosen)).Failed(out _, out var view) ? view : null;

    private ServiceGroupView View(ServiceGroupRecord group) => new()
    {
        Uuid = group.Uuid,
        Name = group.Name,
        CreatedAt = group.CreatedAt,
        Persistent = group.Persistent,
        Autoscale = group.Autoscale is not null,
        SoftLimit = group.SoftLimit,
        HardLimit = group.HardLimit,
        Autokill = group.Autokill,
        Services = [.. group.Ports.Select(port => port.Service)],
        Listens = [.. group.Ports.Select(port => routes.EndPointOf(port.Service))],
        Domains = [.. group.Domains.Select(domain => new DomainView(domain, CertificateOf(group, domain)))],
        Instances = [.. catalogue.InstancesOf(group.Uuid).Select(instance => (instance.Record.Uuid, instance.Record.Name))],
    };
}
