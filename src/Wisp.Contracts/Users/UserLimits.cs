namespace Wisp.Contracts.Users;

/// <summary>What a user may have at most.</summary>
/// <param name="Instances">Instances.</param>
/// <param name="Frozen">Templates and checkpoints together.</param>
/// <param name="ServiceGroups">Service groups.</param>
/// <param name="Services">Published ports.</param>
/// <param name="MemoryMb">RAM of one instance in MiB.</param>
/// <param name="Vcpus">Virtual CPUs of one instance.</param>
/// <param name="LiveInstances">Instances that start, run, drain or stop.</param>
/// <param name="LiveVcpus">Their virtual CPUs.</param>
/// <param name="LiveMemoryMb">Their RAM in MiB.</param>
public sealed record UserLimits(
    long? Instances, long? Frozen, long? ServiceGroups, long? Services, long? MemoryMb, long? Vcpus, long? LiveInstances, long? LiveVcpus, long? LiveMemoryMb);
