namespace Wisp.Platform.Frozen;

/// <summary>A change as its caller wrote it.</summary>
/// <param name="Property">Property.</param>
/// <param name="Operation"><c>set</c>, <c>add</c> or <c>del</c>.</param>
/// <param name="Value">The value, in the words of the wire; null when there was none.</param>
public sealed record GivenChange(string Property, string Operation, string? Value);
