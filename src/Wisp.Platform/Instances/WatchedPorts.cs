using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Instances;

/// <summary>Ports in the guest that must be open before an instance counts as running. Pure.</summary>
internal static class WatchedPorts
{
    /// <summary>Those that a group publishes.</summary>
    public static int[] Of(ServiceGroupRecord group) => Of(group.Ports.Select(port => port.Service));

    /// <summary>Those of services; what redirects reaches no guest, and who waits for datagrams cannot be told from who does not.</summary>
    public static int[] Of(IEnumerable<ServicePort> services) =>
        [.. services.Where(service => !service.Udp && !service.Handlers.HasFlag(ServiceHandler.Redirect)).Select(service => (int)service.DestinationPort).Distinct()];
}
