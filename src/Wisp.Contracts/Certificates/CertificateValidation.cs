namespace Wisp.Contracts.Certificates;

/// <summary>A validation that goes on.</summary>
/// <param name="Attempt">How many attempts have failed.</param>
/// <param name="Next">When the next one is due.</param>
/// <param name="Reason">Why the last one failed.</param>
public sealed record CertificateValidation(int Attempt, string? Next, string? Reason);
