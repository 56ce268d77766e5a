namespace Wisp.Certificates.Acme.Wire;

/// <summary>What a signature protects (RFC 8555 §6.2): the key itself until there is an account, then the account.</summary>
internal sealed record JwsHeader(string Alg, string Nonce, Uri Url, Uri? Kid, SortedDictionary<string, string>? Jwk);

/// <summary>A signed request (RFC 7515 §7.2.2).</summary>
internal sealed record FlattenedJws(string Protected, string Payload, string Signature);

/// <summary>RFC 8555 §7.3.</summary>
internal sealed record AcmeNewAccount(bool TermsOfServiceAgreed, IReadOnlyList<string>? Contact, FlattenedJws? ExternalAccountBinding);

/// <summary>RFC 8555 §7.3.4: what the signature of a binding protects.</summary>
internal sealed record BindingHeader(string Alg, string Kid, Uri Url);

/// <summary>RFC 8555 §7.4.</summary>
internal sealed record AcmeNewOrder(IReadOnlyList<AcmeIdentifier> Identifiers);

/// <summary>RFC 8555 §7.4; the request for a certificate as DER.</summary>
internal sealed record AcmeFinalize(string Csr);

/// <summary>What a certificate is for.</summary>
internal sealed record AcmeIdentifier(string Type, string Value);
