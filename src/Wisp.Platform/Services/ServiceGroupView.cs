using System.Net;

namespace Wisp.Platform.Services;

/// <summary>A service group as it is at one moment.</summary>
public sealed record ServiceGroupView
{
    /// <summary>Its uuid.</summary>
    public required Guid Uuid { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>False for a group made with an instance, which dies with its last one.</summary>
    public required bool Persistent { get; init; }
    /// <summary>True when it grows and shrinks by itself.</summary>
    public required bool Autoscale { get; init; }
    /// <summary>Load at which the next instance is woken.</summary>
    public required int SoftLimit { get; init; }
    /// <summary>Load an instance takes at most.</summary>
    public required int HardLimit { get; init; }
    /// <summary>How long after its last instance has gone it is deleted; null never.</summary>
    public TimeSpan? Autokill { get; init; }
    /// <summary>Published ports.</summary>
    public required IReadOnlyList<ServicePort> Services { get; init; }
    /// <summary>Where each of these listens on this host.</summary>
    public required IReadOnlyList<IPEndPoint> Listens { get; init; }
    /// <summary>Its domains.</summary>
    public required IReadOnlyList<DomainView> Domains { get; init; }
    /// <summary>Its instances.</summary>
    public required IReadOnlyList<(Guid Uuid, string Name)> Instances { get; init; }
}
