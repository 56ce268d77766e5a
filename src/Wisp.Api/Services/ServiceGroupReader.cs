using Wisp.Api.Frozen;
using Wisp.Api.Reading;
using Wisp.Platform;
using Wisp.Platform.Services;

namespace Wisp.Api.Services;

/// <summary>Reads a service group, alone or inside an instance.</summary>
internal static class ServiceGroupReader
{
    public static Result<CreateServiceGroup> Read(JsonObjectReader body, bool named)
    {
        var ports = new List<ServicePort>();
        foreach (var service in body.Objects("services") ?? [])
        {
            if (ReadPort(service).Failed(out var error, out var port))
            {
                return error;
            }

            ports.Add(port);
        }

        var domains = new List<ServiceDomain>();
        foreach (var domain in body.Objects("domains") ?? [])
        {
            if (ReadDomain(domain).Failed(out var error, out var read))
            {
                return error;
            }

            domains.Add(read);
        }

        var group = new CreateServiceGroup
        {
            Name = named ? body.String("name") : null,
            Services = ports,
            Domains = domains,
            SoftLimit = body.Integer("soft_limit"),
            HardLimit = body.Integer("hard_limit"),
            Autokill = named ? PropertyChangeReader.Lifetime(body.Object("autokill")) : null,
        };
        body.End();
        return group;
    }

    /// <summary>Reads a domain.</summary>
    public static Result<ServiceDomain> ReadDomain(JsonObjectReader domain)
    {
        ResourceRef? certificate = null;
        if (domain.Object("certificate") is { } named)
        {
            var (reference, wrong) = Target.Parse(named);
            if (wrong is not null)
            {
                return wrong;
            }

            named.End();
            certificate = reference;
        }

        var name = domain.String("name") ?? "";
        domain.End();
        return new ServiceDomain(name, certificate);
    }

    /// <summary>Reads a port.</summary>
    public static Result<ServicePort> ReadPort(JsonObjectReader service)
    {
        var handlers = ServiceHandler.None;
        foreach (var name in service.Strings("handlers") ?? [])
        {
            switch (name)
            {
                case "http": handlers |= ServiceHandler.Http; break;
                case "tls": handlers |= ServiceHandler.Tls; break;
                case "redirect": handlers |= ServiceHandler.Redirect; break;
                default: return new WispError(ErrorCode.InvalidValue, $"'{name}' is not a valid handler.", "Use http, tls or redirect.");
            }
        }

        var protocol = service.String("protocol");
        if (protocol is not (null or "tcp" or "udp"))
        {
            return new WispError(ErrorCode.InvalidValue, $"'{protocol}' is not a valid protocol.", "Use tcp or udp.");
        }

        var port = service.Integer("port");
        var result = new ServicePort(port ?? 0, service.Integer("destination_port") ?? port ?? 0, handlers, service.String("ip"), protocol == "udp");
        service.End();
        return result;
    }
}
