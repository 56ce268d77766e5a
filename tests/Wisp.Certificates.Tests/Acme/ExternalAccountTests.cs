using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Wisp.Certificates.Acme;

namespace Wisp.Certificates.Tests.Acme;

/// <summary>Bindings to accounts that authorities know otherwise.</summary>
public sealed class ExternalAccountTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("wisp-eab-").FullName, "key");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    // RFC 8555 §7.3.4.
    [Fact]
    public void A_binding_is_the_accounts_key_signed_with_the_key_that_was_given()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        File.WriteAllText(_file, Base64Url.EncodeToString(secret) + "\n");
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = new AccountKey(pair);
        var bound = ExternalAccount.Open("kid-1", _file).Value.Bind(new Uri("https://ca.example/new"), key);
        Assert.Equal("""{"alg":"HS256","kid":"kid-1","url":"https://ca.example/new"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(bound.Protected)));
        Assert.Equal(key.Jwk, JsonSerializer.Deserialize<SortedDictionary<string, string>>(Base64Url.DecodeFromChars(bound.Payload)));
        Assert.Equal(Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{bound.Protected}.{bound.Payload}"))), bound.Signature);
    }

    [Theory]
    [InlineData("_-_-_-_-_-_-_-_-_-_-_w")]
    [InlineData("/+/+/+/+/+/+/+/+/+/+/w==\n")]
    [InlineData("  _-_-_-_-_-_-_-_-_-_-_w\r\n")]
    public void A_key_is_read_as_it_was_given(string text)
    {
        File.WriteAllText(_file, text);
        Assert.True(ExternalAccount.Open("kid", _file).IsSuccess);
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("c2hvcnQ", "5 bytes")]
    [InlineData("hunter2!hunter2!hunter2!", "not base64url")]
    [InlineData(null, "find")]
    public void A_file_that_has_none_is_named_and_what_is_in_it_is_not_said(string? text, string why)
    {
        if (text is not null)
        {
            File.WriteAllText(_file, text);
        }

        var error = ExternalAccount.Open("kid", _file).Error!;
        Assert.Contains(_file, error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }
}
