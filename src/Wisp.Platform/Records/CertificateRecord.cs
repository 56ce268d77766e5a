namespace Wisp.Platform.Records;

/// <summary>What is durable of a certificate.</summary>
internal sealed record CertificateRecord
{
    public required Guid Uuid { get; init; }
    public required string Name { get; init; }
    public required Guid Account { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The host that it is for, or a wildcard; lower case, without a dot at its end.</summary>
    public required string CommonName { get; init; }

    /// <summary>PEM; empty as long as there is none yet.</summary>
    public required string Chain { get; init; }

    /// <summary>PEM. Goes nowhere but into handshakes.</summary>
    public required string Key { get; init; }

    /// <summary>How it goes on where the node gets it by itself; null for one that was uploaded.</summary>
    public AutomaticState? Automatic { get; init; }

    // The key stays out of whatever prints a record.
    public override string ToString() => $"certificate {Name} ({Uuid})";
}
