namespace Wisp.Platform.Usage;

/// <summary>What is in use on a node at one moment, and what it can hold.</summary>
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
public sealed record NodeUsage(
    int Instances, int LiveInstances, int LiveVcpus, long LiveMemoryMb, int ServiceGroups, int Services, int MostInstances, int SmallestMemoryMb, int LargestMemoryMb,
    int MostVcpus);
