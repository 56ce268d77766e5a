using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Usage;

/// <inheritdoc cref="INodeUsage"/>
internal sealed class NodeUsageReader(AccountView owned, AccountService accounts, PlatformOptions options, PlatformDependencies rooms) : INodeUsage
{
    /// <inheritdoc/>
    public NodeUsage Read()
    {
        var instances = owned.Instances.Where(instance => instance.State is not (InstanceState.Template or InstanceState.Deleted)).ToArray();
        var live = instances
            .Where(instance => instance.State is InstanceState.Starting or InstanceState.Running or InstanceState.Draining or InstanceState.Stopping)
            .Select(instance => instance.Record).ToArray();
        var groups = owned.Groups.ToArray();
        var limits = accounts.Find(ResourceRef.To(owned.Account)).Failed(out _, out var account) ? AccountLimits.None : account.Limits;
        return new NodeUsage(
            instances.Length, live.Length, live.Sum(record => record.Vcpus), live.Sum(record => (long)record.MemoryMb), groups.Length, groups.Sum(group => group.Ports.Count),
            // Every instance has an address of its own, and every port is one of 65535.
            Least(limits.Instances, rooms.Network.Capacity), rooms.Engine.Description.MinimumMemoryMib, Least(limits.MemoryMb, options.LargestMemoryMb),
            Least(limits.Vcpus, InstanceRules.MaxVcpus), Least(limits.ServiceGroups, ushort.MaxValue), Least(limits.Services, ushort.MaxValue));
    }

    private static int Least(long? limit, int capacity) => (int)Math.Min(limit ?? capacity, capacity);
}
