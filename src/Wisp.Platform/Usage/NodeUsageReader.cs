using Wisp.Platform.Instances;

namespace Wisp.Platform.Usage;

/// <inheritdoc cref="INodeUsage"/>
internal sealed class NodeUsageReader(Catalogue catalogue, PlatformOptions options, PlatformDependencies rooms) : INodeUsage
{
    /// <inheritdoc/>
    public NodeUsage Read()
    {
        var instances = catalogue.Instances.Values.Where(instance => instance.State is not (InstanceState.Template or InstanceState.Deleted)).ToArray();
        var live = instances
            .Where(instance => instance.State is InstanceState.Starting or InstanceState.Running or InstanceState.Draining or InstanceState.Stopping)
            .Select(instance => instance.Record).ToArray();
        var groups = catalogue.Groups;
        return new NodeUsage(
            instances.Length, live.Length, live.Sum(record => record.Vcpus), live.Sum(record => (long)record.MemoryMb), groups.Count, groups.Values.Sum(group => group.Ports.Count),
            rooms.Network.Capacity, rooms.Engine.Description.MinimumMemoryMib, options.LargestMemoryMb, InstanceRules.MaxVcpus);
    }
}
