using Wisp.Gateway;

namespace Wisp.Platform.Services;

/// <summary>Everything that can be done with service groups. Thread-safe.</summary>
public interface IServiceGroupService
{
    /// <summary>Creates a persistent group and opens its ports.</summary>
    Task<Result<ServiceGroupView>> CreateAsync(CreateServiceGroup request, CancellationToken cancellation);

    /// <summary>All groups, oldest first.</summary>
    IReadOnlyList<ServiceGroupView> List();

    /// <summary>One group; <see cref="ErrorCode.NotFound"/> ("No service group with name '…'").</summary>
    Result<ServiceGroupView> Find(ResourceRef reference);

    /// <summary>What a group is asked and serves; <see cref="ErrorCode.NotFound"/> as with <see cref="Find"/>.</summary>
    Result<ServiceMeasurements> Measure(ResourceRef reference);

    /// <summary>What the gateway counts that is no service's; null for who does not run the node.</summary>
    GatewayTraffic? Node { get; }

    /// <summary>Changes a property; all of the change or nothing. Instances that run are reached under new ports at once.</summary>
    Task<Result<ServiceGroupView>> ChangeAsync(ResourceRef reference, ServiceGroupChange change, CancellationToken cancellation);

    /// <summary>Closes its ports and removes it; refused with <see cref="ErrorCode.Attached"/> while it has instances.</summary>
    Task<Result<ServiceGroupView>> DeleteAsync(ResourceRef reference, CancellationToken cancellation);
}
