namespace Wisp.Platform.Certificates;

/// <summary>A certificate as it is at one moment. Its key is not shown.</summary>
public sealed record CertificateView
{
    /// <summary>Its uuid.</summary>
    public required Guid Uuid { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>When it was uploaded first, or a domain first wanted it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>The host that it is for, or a wildcard.</summary>
    public required string CommonName { get; init; }
    /// <summary>Its subject.</summary>
    public required string? Subject { get; init; }
    /// <summary>Who issued it.</summary>
    public required string? Issuer { get; init; }
    /// <summary>Its serial number, hexadecimal.</summary>
    public required string? SerialNumber { get; init; }
    /// <summary>From when on it is good.</summary>
    public required DateTimeOffset? NotBefore { get; init; }
    /// <summary>Until when it is good.</summary>
    public required DateTimeOffset? NotAfter { get; init; }
    /// <summary>Whether it can be presented.</summary>
    public required CertificateState State { get; init; }
    /// <summary>
    /// How the node goes on where it gets it by itself and has not, or could not renew it: the attempts that failed, when the next is due, and
    /// why the last failed. Null otherwise.
    /// </summary>
    public required (int Attempt, DateTimeOffset Next, string? Reason)? Validation { get; init; }
    /// <summary>The groups that present it.</summary>
    public required IReadOnlyList<(Guid Uuid, string Name)> ServiceGroups { get; init; }
}
