using System.Collections.Immutable;

namespace Wisp.Platform.Services;

/// <summary>Domains in full.</summary>
/// <param name="Names">Full names, each once.</param>
/// <param name="Certificates">The certificates that were chosen, by the name.</param>
internal sealed record ResolvedDomains(IReadOnlyList<string> Names, ImmutableDictionary<string, Guid> Certificates);
