using Wisp.Platform.Instances;

namespace Wisp.Platform.Frozen;

/// <summary>A template that is found by what it is made of, and made when it is not there.</summary>
/// <param name="Arguments">What it is made of; may itself begin from a template.</param>
/// <param name="Prepare">True runs it until it is ready; false leaves it as it is before its first start.</param>
/// <param name="PrepareTimeout">How long that may take; null is the platform's maximum.</param>
/// <param name="Autokill">How long after its last clone it is deleted; null never.</param>
public sealed record OnDemandTemplate(CreateInstance Arguments, bool Prepare, TimeSpan? PrepareTimeout, TimeSpan? Autokill);
