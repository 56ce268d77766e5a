using System.Text.Json.Serialization;

namespace Wisp.Certificates.Acme.Wire;

/// <summary>Where what is (RFC 8555 §7.1.1).</summary>
internal sealed record AcmeDirectory
{
    public required Uri NewNonce { get; init; }
    public required Uri NewAccount { get; init; }
    public required Uri NewOrder { get; init; }
}

/// <summary>RFC 8555 §7.1.3.</summary>
internal sealed record AcmeOrder
{
    public required string Status { get; init; }
    public required IReadOnlyList<Uri> Authorizations { get; init; }
    public required Uri Finalize { get; init; }
    public Uri? Certificate { get; init; }
    public AcmeProblem? Error { get; init; }
}

/// <summary>RFC 8555 §7.1.4.</summary>
internal sealed record AcmeAuthorization
{
    public required string Status { get; init; }
    public required IReadOnlyList<AcmeChallenge> Challenges { get; init; }
}

/// <summary>RFC 8555 §8.</summary>
internal sealed record AcmeChallenge
{
    public required string Type { get; init; }
    public required Uri Url { get; init; }
    // Challenges of kinds that are not ours may have none.
    public string? Token { get; init; }
    public AcmeProblem? Error { get; init; }
}

/// <summary>What went wrong (RFC 7807).</summary>
internal sealed record AcmeProblem(string? Type, string? Detail, IReadOnlyList<AcmeProblem>? Subproblems)
{
    /// <summary>Whether it is about the account, and not about an order.</summary>
    [JsonIgnore]
    public bool IsOfAccount { get; init; }

    public bool Is(string error) => string.Equals(Type, "urn:ietf:params:acme:error:" + error, StringComparison.Ordinal);

    /// <summary>In one sentence of the authority's.</summary>
    public string Text => string.Join("; ", ((string?[])[Detail ?? Type ?? "no reason given", .. (Subproblems ?? []).Select(part => part.Detail)]).Where(text => text is { Length: > 0 })).TrimEnd('.');
}
