using System.Net;
using Wisp.Gateway;
using Wisp.Platform.Records;

namespace Wisp.Platform.Services;

/// <summary>Keeps the gateway's routes in step with the groups and their instances.</summary>
internal sealed class RoutePublisher(Catalogue catalogue, IGateway gateway, PlatformOptions options)
{
    /// <summary>Publishes all ports of a group, or none of them.</summary>
    public async Task<Result> PublishAsync(ServiceGroupRecord group, CancellationToken cancellation)
    {
        var backends = catalogue.InstancesOf(group.Uuid).Select(instance => instance.Backend).ToArray();
        foreach (var (port, index) in group.Ports.Select((port, index) => (port, index)))
        {
            if ((await gateway.PublishAsync(RouteOf(group, port, backends), cancellation)).Failed(out var error))
            {
                foreach (var opened in group.Ports.Take(index))
                {
                    await gateway.UnpublishAsync(opened.Route);
                }

                return error;
            }
        }

        return Result.Success;
    }

    /// <summary>Takes all ports of a group away.</summary>
    /// <param name="group">The group.</param>
    /// <param name="except">The same group as it is to be: what it shares with that stays.</param>
    public async Task UnpublishAsync(ServiceGroupRecord group, ServiceGroupRecord? except = null)
    {
        foreach (var port in group.Ports.Where(port => except is null || except.Ports.All(kept => kept.Route != port.Route)))
        {
            await gateway.UnpublishAsync(port.Route);
        }
    }

    private Route RouteOf(ServiceGroupRecord group, PublishedPort port, Backend[] backends) => new()
    {
        Id = port.Route,
        ServiceName = group.Name,
        Tenant = group.Account,
        Listen = new IPEndPoint(port.Service.Ip is { } ip ? IPAddress.Parse(ip) : options.DefaultListenAddress, (int)port.Service.Port),
        Protocol = port.Service.Handlers.HasFlag(ServiceHandler.Http) ? RouteProtocol.Http : RouteProtocol.Tcp,
        // With an address of its own a service has the port to itself; otherwise HTTP ports are shared by domain.
        Domains = port.Service.Ip is null && port.Service.Handlers.HasFlag(ServiceHandler.Http) ? group.Domains : [],
        Targets = [.. backends.Select(backend => new RouteTarget(backend, (int)port.Service.DestinationPort))],
        HoldDeadline = options.HoldDeadline,
    };
}
