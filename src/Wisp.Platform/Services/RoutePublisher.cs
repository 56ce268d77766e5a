using System.Collections.Frozen;
using System.Net;
using Wisp.Gateway;
using Wisp.Platform.Autoscale;
using Wisp.Platform.Records;

namespace Wisp.Platform.Services;

/// <summary>Keeps the gateway's routes in step with the groups and their instances.</summary>
internal sealed class RoutePublisher(Catalogue catalogue, IGateway gateway, ScalingGroups scaling, PlatformOptions options)
{
    private const int Http = 80;
    private const int Https = 443;

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

    /// <summary>Where a service listens. The ports of the web are where the node has them; a service with an address of its own has its own.</summary>
    public IPEndPoint EndPointOf(ServicePort service) => service.Ip is { } ip
        ? new IPEndPoint(IPAddress.Parse(ip), (int)service.Port)
        : new IPEndPoint(options.DefaultListenAddress, service.Port switch { Http => options.HttpPort, Https => options.HttpsPort, var other => (int)other });

    // The port that clients know it by.
    private int PortOf(ServiceGroupRecord group, int port) =>
        group.Ports.FirstOrDefault(other => other.Service.Port == port && !other.Service.Udp) is { } published ? EndPointOf(published.Service).Port
        : port == Https ? options.HttpsPort
        : port;

    private Route RouteOf(ServiceGroupRecord group, PublishedPort port, Backend[] backends) => new()
    {
        Id = port.Route,
        ServiceName = group.Name,
        Tenant = group.Account,
        Listen = EndPointOf(port.Service),
        Protocol = port.Service.Udp ? RouteProtocol.Udp : port.Service.Handlers.HasFlag(ServiceHandler.Http) ? RouteProtocol.Http : RouteProtocol.Tcp,
        Tls = port.Service.Handlers.HasFlag(ServiceHandler.Tls),
        RedirectPort = port.Service.Handlers.HasFlag(ServiceHandler.Redirect) ? PortOf(group, (int)port.Service.DestinationPort) : null,
        // With an address of its own a service has the port to itself; otherwise ports are shared by domain, where clients say it.
        Domains = port.Service.Ip is null && port.Service.Handlers != ServiceHandler.None ? group.Domains : [],
        Certificates = port.Service.Handlers.HasFlag(ServiceHandler.Tls)
            ? group.Domains.ToFrozenDictionary(domain => domain, domain => group.Certificates.TryGetValue(domain, out var chosen) ? chosen : (Guid?)null, StringComparer.OrdinalIgnoreCase)
            : FrozenDictionary<string, Guid?>.Empty,
        Targets = [.. backends.Select(backend => new RouteTarget(backend, (int)port.Service.DestinationPort))],
        Traffic = catalogue.TrafficOf(group),
        SoftLimit = group.SoftLimit,
        HardLimit = group.HardLimit,
        Demand = group.Autoscale is null ? null : scaling.Of(group.Uuid),
        HoldDeadline = options.HoldDeadline,
    };
}
