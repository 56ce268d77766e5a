using System.Text.Json;

namespace Wisp.Contracts.Instances;

/// <summary>A change that waits for the next stop.</summary>
/// <param name="Prop">Property.</param>
/// <param name="Op"><c>set</c>, <c>add</c> or <c>del</c>.</param>
/// <param name="Value">The value, as it was given.</param>
/// <param name="Status"><c>pending</c> or <c>failed</c>.</param>
public sealed record InstanceUpdate(string Prop, string Op, JsonElement? Value, string Status);
