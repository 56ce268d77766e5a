using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Usage;

/// <inheritdoc cref="INodeUsage"/>
internal sealed class NodeUsageReader(AccountView owned, AccountService accounts, LiveUse live, PlatformOptions options, PlatformDependencies rooms) : INodeUsage
{
    /// <inheritdoc/>
    public NodeUsage Read()
    {
        var instances = owned.Instances.Count(instance => instance.State is not (InstanceState.Template or InstanceState.Deleted));
        var alive = live.Of(owned.Account);
        var groups = owned.Groups.ToArray();
        var limits = accounts.Find(ResourceRef.To(owned.Account)).Failed(out _, out var account) ? AccountLimits.None : account.Limits;
        // Every instance has an address of its own, and every port is one of 65535.
        var most = (int)Least(limits.Instances, rooms.Network.Capacity);
        var (memory, vcpus) = ((int)Least(limits.MemoryMb, options.LargestMemoryMb), (int)Least(limits.Vcpus, InstanceRules.MaxVcpus));
        return new NodeUsage(
            instances, alive.Instances, alive.Vcpus, alive.MemoryMb, groups.Length, groups.Sum(group => group.Ports.Count),
            most, rooms.Engine.Description.MinimumMemoryMib, memory, vcpus,
            (int)Least(limits.LiveInstances, most), Least(limits.LiveVcpus, (long)most * vcpus), Least(limits.LiveMemoryMb, (long)most * memory),
            (int)Least(limits.ServiceGroups, ushort.MaxValue), (int)Least(limits.Services, ushort.MaxValue));
    }

    private static long Least(long? limit, long capacity) => Math.Min(limit ?? capacity, capacity);
}
