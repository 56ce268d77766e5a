using Wisp.Platform.Frozen;
using Wisp.Platform.Naming;
using Wisp.Platform.Records;

namespace Wisp.Platform.Services;

/// <summary>What becomes of a group by a change. Pure.</summary>
internal static class ServiceGroupChanges
{
    /// <summary>The group after a change, or the rule that is broken.</summary>
    /// <param name="group">The group before.</param>
    /// <param name="change">The change.</param>
    /// <param name="complete">Makes a full name of a domain.</param>
    /// <param name="resolve">Finds the certificates of domains.</param>
    public static Result<ServiceGroupRecord> Apply(
        ServiceGroupRecord group, ServiceGroupChange change, Func<string, string> complete, Func<IReadOnlyList<ServiceDomain>, Result<ResolvedDomains>> resolve)
    {
        if (Missing(group, change, complete) is { } missing)
        {
            return missing;
        }

        // Rules are those of a new group, of which what the change says is as it was written.
        var request = Request(group, change, complete);
        if (ServiceRules.Check(request) is { } broken)
        {
            return broken;
        }

        if (resolve(request.Domains.Count > 0 ? request.Domains : [NameGenerator.DomainLabel(group.Name)]).Failed(out var error, out var domains))
        {
            return error;
        }

        return group with
        {
            Ports = [.. request.Services.Select(service => new PublishedPort(RouteOf(group, service), service))],
            Domains = domains.Names,
            Certificates = domains.Certificates,
            SoftLimit = (int)(request.SoftLimit ?? ServiceGroupRecord.DefaultSoftLimit),
            HardLimit = (int)(request.HardLimit ?? ServiceGroupRecord.DefaultHardLimit),
            Autokill = Clones.Lifetime(request.Autokill),
        };
    }

    private static CreateServiceGroup Request(ServiceGroupRecord group, ServiceGroupChange change, Func<string, string> complete)
    {
        IReadOnlyList<ServicePort> ports = [.. group.Ports.Select(port => port.Service)];
        // A full name ends in a dot, so that nothing is put behind it.
        IReadOnlyList<ServiceDomain> domains =
            [.. group.Domains.Select(domain => new ServiceDomain(domain + ".", group.Certificates.TryGetValue(domain, out var chosen) ? ResourceRef.To(chosen) : null))];
        return new CreateServiceGroup
        {
            Services = change switch
            {
                ServiceGroupChange.SetServices set => set.Services,
                ServiceGroupChange.AddServices add => [.. ports.Where(port => !add.Services.Any(other => IsSame(port, other))), .. add.Services],
                ServiceGroupChange.RemoveServices remove => [.. ports.Where(port => !remove.Ports.Any(gone => Is(port, gone)))],
                _ => ports,
            },
            Domains = change switch
            {
                ServiceGroupChange.SetDomains set => set.Domains,
                ServiceGroupChange.AddDomains add => [.. domains, .. add.Domains],
                ServiceGroupChange.RemoveDomains remove => [.. domains.ExceptBy(remove.Domains.Select(domain => complete(domain) + "."), domain => domain.Name, StringComparer.Ordinal)],
                _ => domains,
            },
            SoftLimit = change is ServiceGroupChange.SetSoftLimit { Limit: var soft } ? soft : group.SoftLimit,
            HardLimit = change is ServiceGroupChange.SetHardLimit { Limit: var hard } ? hard : group.HardLimit,
            Autokill = change is ServiceGroupChange.SetAutokill { After: var after } ? after : group.Autokill,
        };
    }

    private static WispError? Missing(ServiceGroupRecord group, ServiceGroupChange change, Func<string, string> complete) => change switch
    {
        ServiceGroupChange.RemoveServices remove when remove.Ports.Where(gone => !group.Ports.Any(port => Is(port.Service, gone))).ToArray() is [var (port, udp), ..] =>
            new WispError(ErrorCode.NotFound, $"Service group '{group.Name}' does not publish {(udp is true ? "UDP port" : "port")} {port}."),
        ServiceGroupChange.RemoveDomains remove when remove.Domains.FirstOrDefault(domain => !group.Domains.Contains(complete(domain), StringComparer.Ordinal)) is { } domain =>
            new WispError(ErrorCode.NotFound, $"Service group '{group.Name}' has no domain '{complete(domain)}'."),
        _ => null,
    };

    private static bool Is(ServicePort port, (long Port, bool? Udp) named) => port.Port == named.Port && (named.Udp is null || port.Udp == named.Udp);

    // What listens where it did goes on as the same route: nobody who is connected notices.
    private static Guid RouteOf(ServiceGroupRecord group, ServicePort service) =>
        group.Ports.FirstOrDefault(port => IsSame(port.Service, service))?.Route ?? Guid.NewGuid();

    private static bool IsSame(ServicePort one, ServicePort other) => one.Port == other.Port && one.Ip == other.Ip && one.Udp == other.Udp;
}
