using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Instances;

/// <summary>Ports in the guest that must be open before an instance counts as running. Pure.</summary>
internal static class WatchedPorts
{
    /// <summary>Those that a group publishes; what redirects reaches no guest.</summary>
    public static int[] Of(ServiceGroupRecord group) =>
        [.. group.Ports.Select(port => port.Service).Where(service => !service.Handlers.HasFlag(ServiceHandler.Redirect)).Select(service => (int)service.DestinationPort).Distinct()];
}
