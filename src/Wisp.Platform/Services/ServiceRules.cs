using System.Net;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Naming;

namespace Wisp.Platform.Services;

/// <summary>The rules a request for a service group must keep before anything is touched. Pure.</summary>
internal static class ServiceRules
{
    /// <summary>How many domains a group may have.</summary>
    public const int MaxDomains = 100;

    private const int MaxLimit = 65_535;

    /// <summary>The first rule that is broken, or null.</summary>
    public static WispError? Check(CreateServiceGroup request)
    {
        if (request.Name is { } given && !ResourceName.TryParse(given, out _, out var error))
        {
            return error;
        }

        if (request.Services.Count == 0)
        {
            return new WispError(ErrorCode.InvalidValue, "A service group needs at least one service.", "Give 'services' an entry such as {\"port\": 8080}.");
        }

        var soft = request.SoftLimit ?? 1;
        var hard = request.HardLimit ?? MaxLimit;
        return request.Services.Select(CheckPort).FirstOrDefault(broken => broken is not null)
            ?? CheckTwice(request.Services)
            ?? (request.Domains.Count > MaxDomains
                ? new WispError(ErrorCode.TooMany, $"A service group has at most {MaxDomains} domains, not {request.Domains.Count}.", "Use another group for the rest.")
                : null)
            ?? request.Domains.Select(domain => DomainName.Check(domain.Name)).FirstOrDefault(broken => broken is not null)
            ?? FrozenRules.CheckAutokill(request.Autokill)
            ?? InstanceRules.Range("soft_limit", soft, 1, MaxLimit)
            ?? InstanceRules.Range("hard_limit", hard, 1, MaxLimit)
            ?? (soft > hard
                ? new WispError(ErrorCode.InvalidValue, $"'soft_limit' {soft} is above 'hard_limit' {hard}.", "Lower the one or raise the other.")
                : null);
    }

    private static WispError? CheckPort(ServicePort service)
    {
        if (service.Port is < 1 or > 65_535)
        {
            return new WispError(ErrorCode.InvalidValue, "Value of 'port' in service port description must be in the range 1 to 65535");
        }

        if (service.DestinationPort is < 1 or > 65_535)
        {
            return new WispError(ErrorCode.InvalidValue, "Value of 'destination_port' in service port description must be in the range 1 to 65535");
        }

        if (service.Ip is { } ip && !IPAddress.TryParse(ip, out _))
        {
            return new WispError(ErrorCode.InvalidValue, $"'{ip}' is not an IP address.", "Give 'ip' an address of this host, such as 127.0.0.1.");
        }

        if (service.Udp)
        {
            return CheckUdp(service);
        }

        if (service.Handlers.HasFlag(ServiceHandler.Redirect) && service.Handlers != (ServiceHandler.Http | ServiceHandler.Redirect))
        {
            return new WispError(
                ErrorCode.CannotAddService, $"Port {service.Port}: the handler 'redirect' goes with 'http' alone.", "Use http+redirect, with the port of https as 'destination_port'.");
        }

        // With an address of its own a service has the port to itself, so any handler goes with any port. Without one the hosted
        // platform's rules hold, because ports are shared by domain name.
        return (service.Ip, service.Port, service.Handlers) switch
        {
            ({ }, _, _) => null,
            (_, 80, ServiceHandler.Http) => null,
            (_, 80, ServiceHandler.Http | ServiceHandler.Redirect) => service.DestinationPort == 443 ? null : new WispError(
                ErrorCode.CannotAddService, "Port 80 redirects to port 443 only.", "Give it 'destination_port' 443, or the service an 'ip'."),
            (_, 80, ServiceHandler.None) => new WispError(
                ErrorCode.CannotAddService, "Port 80 needs the handler 'http'.", "Add it, or give the service an 'ip' to publish raw TCP there."),
            (_, 80, _) => new WispError(ErrorCode.CannotAddService, "Port 80 does not go with the handler 'tls'.", "Use port 443, or give the service an 'ip'."),
            (_, 443, ServiceHandler.Http | ServiceHandler.Tls) => null,
            (_, 443, _) => new WispError(ErrorCode.CannotAddService, "Port 443 needs the handlers 'http' and 'tls'.", "Add them, or give the service an 'ip'."),
            (_, _, ServiceHandler.None or ServiceHandler.Tls) => null,
            (_, _, ServiceHandler.Http | ServiceHandler.Redirect) => new WispError(
                ErrorCode.CannotAddService, $"Port {service.Port} cannot redirect.", "Redirect from port 80, or give the service an 'ip'."),
            _ => new WispError(
                ErrorCode.CannotAddService,
                $"The handler 'http' does not go with port {service.Port}.",
                "Use port 80 or 443, or give the service an 'ip' (such as 127.0.0.1) to publish HTTP on a port of its own."),
        };
    }

    private static WispError? CheckUdp(ServicePort service) =>
        service.Handlers != ServiceHandler.None ? new WispError(
            ErrorCode.CannotAddService, $"Port {service.Port}: the protocol 'udp' has no handlers.", "Leave them out; datagrams go to the instance as they are.")
        : service is { Ip: null, Port: 80 or 443 } ? new WispError(
            ErrorCode.CannotAddService, $"Port {service.Port} is the web's, and that is no UDP.", "Use another port, or give the service an 'ip' to publish UDP there.")
        : null;

    private static WispError? CheckTwice(IReadOnlyList<ServicePort> services) =>
        services.GroupBy(service => (service.Ip, service.Port, service.Udp)).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? new WispError(ErrorCode.CannotAddService, $"Port {twice.Key.Port} is published twice.", "Give each port once.")
            : null;
}
