namespace Wisp.Contracts.Certificates;

/// <summary>A validation that goes on.</summary>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Next">When the next one is due.</param>
public sealed record CertificateValidation(int Attempt, string? Next);
