namespace Wisp.Platform.Services;

/// <summary>A request for a service group as the caller wrote it; null means "not given".</summary>
public sealed record CreateServiceGroup
{
    /// <summary>Name; generated when null.</summary>
    public string? Name { get; init; }

    /// <summary>Published ports; at least one.</summary>
    public IReadOnlyList<ServicePort> Services { get; init; } = [];

    /// <summary>Domain names; one is generated when there are none.</summary>
    public IReadOnlyList<ServiceDomain> Domains { get; init; } = [];

    /// <summary>Load at which the next instance is woken; default 1.</summary>
    public long? SoftLimit { get; init; }

    /// <summary>Load an instance takes at most; default 65535.</summary>
    public long? HardLimit { get; init; }

    /// <summary>How long after its last instance has gone it is deleted; null or zero never.</summary>
    public TimeSpan? Autokill { get; init; }
}
