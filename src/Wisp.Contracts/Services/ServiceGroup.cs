namespace Wisp.Contracts.Services;

/// <summary>A service group (platform API, "Services").</summary>
public sealed record ServiceGroup : Item
{
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>False when it goes with its last instance.</summary>
    public bool? Persistent { get; init; }
    /// <summary>True when autoscale is configured.</summary>
    public bool? Autoscale { get; init; }
    /// <summary>Soft limit.</summary>
    public int? SoftLimit { get; init; }
    /// <summary>Hard limit.</summary>
    public int? HardLimit { get; init; }
    /// <summary>When it is deleted once it has no instance.</summary>
    public Instances.Autokill? Autokill { get; init; }
    /// <summary>Ports.</summary>
    public IReadOnlyList<Service>? Services { get; init; }
    /// <summary>Domains.</summary>
    public IReadOnlyList<Domain>? Domains { get; init; }
    /// <summary>Instances.</summary>
    public IReadOnlyList<ServiceGroupInstance>? Instances { get; init; }
}

/// <summary>A published port.</summary>
/// <param name="Port">On the host.</param>
/// <param name="DestinationPort">In the instance.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Ip">Host address.</param>
/// <param name="Handlers"><c>http</c>, <c>tls</c>, <c>redirect</c>.</param>
/// <param name="Listen">Wisp: address and port on the host, where the node has the port elsewhere.</param>
public sealed record Service(long Port, long? DestinationPort, string? Protocol, string? Ip, IReadOnlyList<string>? Handlers, string? Listen = null);

/// <summary>A domain.</summary>
/// <param name="Fqdn">Its full name.</param>
/// <param name="Certificate">The certificate that was chosen for it; none for one of the node's authority.</param>
public sealed record Domain(string Fqdn, Certificates.Certificate? Certificate = null);

/// <summary>An instance of a group.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
public sealed record ServiceGroupInstance(string Uuid, string Name);
