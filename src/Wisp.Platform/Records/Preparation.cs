namespace Wisp.Platform.Records;

/// <summary>Of an instance that only runs to become a template on demand: what it becomes.</summary>
/// <param name="Hash">What it is made of.</param>
/// <param name="Autokill">How long after its last clone the template is deleted.</param>
/// <param name="Ports">Ports that must be open before it is prepared; it has no service group that could say so.</param>
internal sealed record Preparation(string Hash, TimeSpan? Autokill, IReadOnlyList<int> Ports);
