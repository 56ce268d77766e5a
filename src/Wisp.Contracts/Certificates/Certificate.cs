namespace Wisp.Contracts.Certificates;

/// <summary>A certificate (platform API, "Certificates").</summary>
public sealed record Certificate : Item
{
    /// <summary>RFC 3339, UTC.</summary>
    public string? CreatedAt { get; init; }
    /// <summary>The name that it is for.</summary>
    public string? CommonName { get; init; }
    /// <summary>Subject.</summary>
    public string? Subject { get; init; }
    /// <summary>Issuer.</summary>
    public string? Issuer { get; init; }
    /// <summary>Serial number.</summary>
    public string? SerialNumber { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? NotBefore { get; init; }
    /// <summary>RFC 3339, UTC.</summary>
    public string? NotAfter { get; init; }
    /// <summary><c>pending</c>, <c>valid</c> or <c>error</c>.</summary>
    public string? State { get; init; }
    /// <summary>How its validation goes on.</summary>
    public CertificateValidation? Validation { get; init; }
    /// <summary>Groups that use it.</summary>
    public IReadOnlyList<Services.ServiceGroupInstance>? ServiceGroups { get; init; }
}
