using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Wisp.Certificates.Acme;

/// <summary>What an authority wants to see.</summary>
/// <param name="Host">The host that it is about.</param>
/// <param name="Token">Where to look for it (RFC 8555 §8.3).</param>
/// <param name="KeyAuthorization">The answer: the token and the account's thumbprint (RFC 8555 §8.1).</param>
public sealed record Challenge(string Host, string Token, string KeyAuthorization)
{
    /// <summary>The name of the TXT record (RFC 8555 §8.4).</summary>
    public string RecordName => "_acme-challenge." + Host;

    /// <summary>What the TXT record holds.</summary>
    public string RecordValue => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(KeyAuthorization)));
}
