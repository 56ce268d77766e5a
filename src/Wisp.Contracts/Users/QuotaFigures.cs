namespace Wisp.Contracts.Users;

/// <summary>How many of each.</summary>
/// <param name="Instances">Instances.</param>
/// <param name="LiveInstances">Instances with a machine that runs.</param>
/// <param name="LiveVcpus">Their virtual CPUs.</param>
/// <param name="LiveMemoryMb">Their RAM in MiB.</param>
/// <param name="ServiceGroups">Service groups.</param>
/// <param name="Services">Published ports.</param>
/// <param name="Volumes">Volumes.</param>
/// <param name="TotalVolumeMb">Their size in MiB.</param>
public sealed record QuotaFigures(
    long Instances, long LiveInstances, long LiveVcpus, long LiveMemoryMb, long ServiceGroups, long Services, long Volumes, long TotalVolumeMb);
