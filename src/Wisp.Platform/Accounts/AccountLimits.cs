namespace Wisp.Platform.Accounts;

/// <summary>What an account may have at most. Null leaves it to what the node can hold.</summary>
/// <param name="Instances">Instances.</param>
/// <param name="Frozen">Templates and checkpoints together.</param>
/// <param name="ServiceGroups">Service groups.</param>
/// <param name="Services">Published ports of all its groups.</param>
/// <param name="MemoryMb">RAM of one instance in MiB.</param>
/// <param name="Vcpus">Virtual CPUs of one instance.</param>
/// <param name="LiveInstances">Instances that start, run, drain or stop.</param>
/// <param name="LiveVcpus">Their virtual CPUs.</param>
/// <param name="LiveMemoryMb">Their RAM in MiB.</param>
public sealed record AccountLimits(
    long? Instances = null, long? Frozen = null, long? ServiceGroups = null, long? Services = null, long? MemoryMb = null, long? Vcpus = null,
    long? LiveInstances = null, long? LiveVcpus = null, long? LiveMemoryMb = null)
{
    /// <summary>No limits of its own.</summary>
    public static AccountLimits None { get; } = new();

    private (string Name, long? Value)[] All =>
    [
        ("instances", Instances), ("frozen", Frozen), ("service_groups", ServiceGroups), ("services", Services), ("memory_mb", MemoryMb), ("vcpus", Vcpus),
        ("live_instances", LiveInstances), ("live_vcpus", LiveVcpus), ("live_memory_mb", LiveMemoryMb),
    ];

    /// <summary>The first that is not a number of things, as an error; or null.</summary>
    public WispError? Check() => All.FirstOrDefault(limit => limit.Value is < 0 or > int.MaxValue) is { Name: { } name }
        ? new WispError(ErrorCode.InvalidValue, $"Value of '{name}' must be in the range 0 to {int.MaxValue}")
        : null;

    /// <summary>All that there are, in words.</summary>
    public override string ToString() =>
        this == None ? "No limits." : $"Limits: {string.Join(", ", All.Where(limit => limit.Value is not null).Select(limit => $"{limit.Name} {limit.Value}"))}.";
}
