namespace Wisp.Platform.Records;

/// <summary>What is frozen with a memory and cannot be another in its copies; kept in the snapshot's manifest.</summary>
internal sealed record FrozenSettings(IReadOnlyList<string>? Args, IReadOnlyDictionary<string, string>? Env, string Hostname, IReadOnlyList<int> WatchedPorts);
