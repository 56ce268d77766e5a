using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Wisp.Certificates.Acme;

namespace Wisp.Certificates.Tests.Acme;

/// <summary>Signatures and thumbprints, by the examples of their standards.</summary>
public sealed class AccountKeyTests
{
    // RFC 7515, appendix A.3.
    private const string Header = """{"alg":"ES256"}""";
    private const string Payload = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
    private const string Input =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private const string Signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static ECParameters Parameters => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint
        {
            X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
            Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
        },
        D = Base64Url.DecodeFromChars("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
    };

    [Fact]
    public void What_is_signed_is_what_rfc_7515_signs()
    {
        Assert.Equal(Input, AccountKey.SigningInput(Encoding.UTF8.GetBytes(Header), Encoding.UTF8.GetBytes(Payload)));
        Assert.True(IsSigned(Signature));
    }

    [Fact]
    public void Signatures_are_in_the_form_of_rfc_7515()
    {
        using var key = ECDsa.Create(Parameters);
        var signed = new AccountKey(key).Sign(Encoding.UTF8.GetBytes(Header), Encoding.UTF8.GetBytes(Payload));
        Assert.Equal(Input, $"{signed.Protected}.{signed.Payload}");
        Assert.Equal(64, Base64Url.DecodeFromChars(signed.Signature).Length);
        Assert.True(IsSigned(signed.Signature));
    }

    [Fact]
    public void The_key_is_shown_as_rfc_7515_shows_it()
    {
        using var key = ECDsa.Create(Parameters);
        Assert.Equal(
            [("crv", "P-256"), ("kty", "EC"), ("x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), ("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")],
            new AccountKey(key).Jwk.Select(member => (member.Key, member.Value)));
    }

    // RFC 7638 §3.1.
    [Fact]
    public void A_thumbprint_is_that_of_rfc_7638() => Assert.Equal(
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
        AccountKey.ThumbprintOf(new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["n"] = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            ["e"] = "AQAB",
            ["kty"] = "RSA",
        }));

    [Fact]
    public void The_key_is_made_once_for_its_owner_only_and_a_damaged_one_is_named()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-acme-").FullName;
        try
        {
            var path = Path.Combine(directory, "ca", "acme.key");
            var made = AccountKey.Open(path).Value;
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(made.Thumbprint, AccountKey.Open(path).Value.Thumbprint);
            File.WriteAllText(path, "nothing");
            Assert.Contains(path, AccountKey.Open(path).Error!.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_challenge_is_answered_at_its_host_and_token_only()
    {
        var challenges = new HttpChallenges();
        var challenge = new Challenge("shop.example.com", "abc", "abc.thumb");
        challenges.Put(challenge);
        Assert.Equal("abc.thumb", challenges.Find("SHOP.example.com", "/.well-known/acme-challenge/abc"));
        Assert.Null(challenges.Find("other.example.com", "/.well-known/acme-challenge/abc"));
        Assert.Null(challenges.Find("shop.example.com", "/.well-known/acme-challenge/abd"));
        Assert.Null(challenges.Find("shop.example.com", "/abc"));
        challenges.Remove(challenge);
        Assert.Null(challenges.Find("shop.example.com", "/.well-known/acme-challenge/abc"));
    }

    private static bool IsSigned(string signature)
    {
        using var key = ECDsa.Create(Parameters);
        return key.VerifyData(Encoding.ASCII.GetBytes(Input), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
