using System.Net;
using System.Text.RegularExpressions;
using Wisp.Platform.Instances;
using Wisp.Platform.Naming;

namespace Wisp.Platform.Services;

/// <summary>The rules a request for a service group must keep before anything is touched. Pure.</summary>
internal static partial class ServiceRules
{
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
            ?? request.Domains.Select(CheckDomain).FirstOrDefault(broken => broken is not null)
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
            return new WispError(ErrorCode.NotSupported, $"Port {service.Port}: the protocol 'udp' is not supported.", "Use 'tcp'.");
        }

        if (service.Handlers.HasFlag(ServiceHandler.Tls) || service.Handlers.HasFlag(ServiceHandler.Redirect))
        {
            return new WispError(
                ErrorCode.NotSupported,
                $"Port {service.Port}: the handlers 'tls' and 'redirect' are not supported.",
                "Use 'http', or no handler for raw TCP.");
        }

        // With an address of its own a service has the port to itself, so any handler goes with any port. Without one the hosted
        // platform's rules hold, because ports are shared by domain name.
        return (service.Ip, service.Port, service.Handlers) switch
        {
            (null, 80, ServiceHandler.None) => new WispError(
                ErrorCode.CannotAddService, "Port 80 needs the handler 'http'.", "Add it, or give the service an 'ip' to publish raw TCP there."),
            (null, 443, _) => new WispError(
                ErrorCode.CannotAddService, "Port 443 needs the handlers 'http' and 'tls', and 'tls' is not supported.", "Use port 80, or give the service an 'ip'."),
            (null, not 80, ServiceHandler.Http) => new WispError(
                ErrorCode.CannotAddService,
                $"The handler 'http' does not go with port {service.Port}.",
                "Give the service an 'ip' (such as 127.0.0.1) to publish plain HTTP on a port of its own."),
            _ => null,
        };
    }

    private static WispError? CheckTwice(IReadOnlyList<ServicePort> services) =>
        services.GroupBy(service => (service.Ip, service.Port)).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? new WispError(ErrorCode.CannotAddService, $"Port {twice.Key.Port} is published twice.", "Give each port once.")
            : null;

    private static WispError? CheckDomain(string domain) =>
        domain.Length <= 253 && Domain().IsMatch(domain)
            ? null
            : new WispError(ErrorCode.InvalidValue, $"Invalid DNS name '{domain}'.", "A domain is made of labels of letters, digits and '-', separated by dots.");

    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Domain();
}
