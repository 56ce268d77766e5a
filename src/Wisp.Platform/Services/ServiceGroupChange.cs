namespace Wisp.Platform.Services;

/// <summary>A change of one property of a service group.</summary>
public abstract record ServiceGroupChange
{
    private ServiceGroupChange() { }

    /// <summary>Other ports in place of those it has.</summary>
    public sealed record SetServices(IReadOnlyList<ServicePort> Services) : ServiceGroupChange;

    /// <summary>More ports; of one that is there already, its new meaning.</summary>
    public sealed record AddServices(IReadOnlyList<ServicePort> Services) : ServiceGroupChange;

    /// <summary>Fewer ports; of a protocol, or of both where it is null.</summary>
    public sealed record RemoveServices(IReadOnlyList<(long Port, bool? Udp)> Ports) : ServiceGroupChange;

    /// <summary>Other domains in place of those it has; none of its own gives it a generated one.</summary>
    public sealed record SetDomains(IReadOnlyList<ServiceDomain> Domains) : ServiceGroupChange;

    /// <summary>More domains; of one that is there already, its certificate.</summary>
    public sealed record AddDomains(IReadOnlyList<ServiceDomain> Domains) : ServiceGroupChange;

    /// <summary>Fewer domains.</summary>
    public sealed record RemoveDomains(IReadOnlyList<string> Domains) : ServiceGroupChange;

    /// <summary>Another soft limit; null is the default.</summary>
    public sealed record SetSoftLimit(long? Limit) : ServiceGroupChange;

    /// <summary>Another hard limit; null is the default.</summary>
    public sealed record SetHardLimit(long? Limit) : ServiceGroupChange;

    /// <summary>Another time after which it is deleted when it has no instance; null never.</summary>
    public sealed record SetAutokill(TimeSpan? After) : ServiceGroupChange;
}
