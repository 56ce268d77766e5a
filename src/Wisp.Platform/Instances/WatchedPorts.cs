using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <summary>Ports in the guest that must be open before an instance counts as running. Pure.</summary>
internal static class WatchedPorts
{
    /// <summary>Those that a group publishes.</summary>
    public static int[] Of(ServiceGroupRecord group) => [.. group.Ports.Select(port => (int)port.Service.DestinationPort).Distinct()];
}
