namespace Wisp.Contracts.Instances;

/// <summary>A restart sequence.</summary>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="NextAt">When it is due, RFC 3339.</param>
public sealed record InstanceRestart(int Attempt, string? NextAt);

/// <summary>Scale-to-zero settings.</summary>
/// <param name="Enabled">True unless the policy is off.</param>
/// <param name="Policy"><c>off</c>, <c>on</c> or <c>idle</c>.</param>
/// <param name="Stateful">Keeps memory.</param>
/// <param name="CooldownTimeMs">Idle time before sleep.</param>
/// <param name="NotifyTimeMs">Notice before sleep.</param>
public sealed record InstanceScaleToZero(bool Enabled, string Policy, bool Stateful, long CooldownTimeMs, long NotifyTimeMs);

/// <summary>The service group of an instance.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Domains">Its domains.</param>
public sealed record InstanceServiceGroup(string Uuid, string Name, IReadOnlyList<Services.Domain> Domains);

/// <summary>An interface of an instance.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="PrivateIp">Its address.</param>
/// <param name="Mac">Its MAC address.</param>
public sealed record InstanceNetworkInterface(string Uuid, string PrivateIp, string Mac);

/// <summary>The memory that an instance's next start restores.</summary>
/// <param name="Uuid">Its uuid.</param>
public sealed record InstanceSnapshot(string Uuid);

/// <summary>When something is deleted by itself.</summary>
/// <param name="TimeMs">How long after it was last of use.</param>
public sealed record Autokill(long TimeMs);

/// <summary>An instance that is started before another.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
public sealed record InstanceDependency(string Uuid, string Name);
