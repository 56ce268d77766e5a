namespace Wisp.Contracts.Users;

/// <summary>What one resource may have.</summary>
/// <param name="MinMemoryMb">Least RAM.</param>
/// <param name="MaxMemoryMb">Most RAM.</param>
/// <param name="MinVolumeMb">Smallest volume.</param>
/// <param name="MaxVolumeMb">Largest volume.</param>
/// <param name="MinAutoscaleSize">Fewest instances of a group that scales.</param>
/// <param name="MaxAutoscaleSize">Most of them.</param>
/// <param name="MinVcpus">Fewest virtual CPUs.</param>
/// <param name="MaxVcpus">Most of them.</param>
public sealed record QuotaLimits(
    int MinMemoryMb, int MaxMemoryMb, int MinVolumeMb, int MaxVolumeMb, int MinAutoscaleSize, int MaxAutoscaleSize, int MinVcpus, int MaxVcpus);
