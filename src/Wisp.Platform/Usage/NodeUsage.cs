namespace Wisp.Platform.Usage;

/// <summary>What an account uses at one moment, and what it may have and the node can hold.</summary>
/// <param name="Instances">Instances.</param>
/// <param name="LiveInstances">Those whose machine runs.</param>
/// <param name="LiveVcpus">Their virtual CPUs.</param>
/// <param name="LiveMemoryMb">Their RAM in MiB.</param>
/// <param name="ServiceGroups">Service groups.</param>
/// <param name="Services">Published ports.</param>
/// <param name="MostInstances">Addresses that there are for instances.</param>
/// <param name="SmallestMemoryMb">A guest does not boot with less.</param>
/// <param name="LargestMemoryMb">The host has no more.</param>
/// <param name="MostVcpus">Virtual CPUs of one instance at most.</param>
/// <param name="MostLiveInstances">Instances that are alive at most.</param>
/// <param name="MostLiveVcpus">Their virtual CPUs at most.</param>
/// <param name="MostLiveMemoryMb">Their RAM at most.</param>
/// <param name="MostServiceGroups">Service groups at most.</param>
/// <param name="MostServices">Published ports at most.</param>
public sealed record NodeUsage(
    int Instances, int LiveInstances, int LiveVcpus, long LiveMemoryMb, int ServiceGroups, int Services, int MostInstances, int SmallestMemoryMb, int LargestMemoryMb,
    int MostVcpus, int MostLiveInstances, long MostLiveVcpus, long MostLiveMemoryMb, int MostServiceGroups, int MostServices);
