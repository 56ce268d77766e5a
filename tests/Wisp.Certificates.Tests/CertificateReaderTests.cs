using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Wisp.Certificates.Tests;

/// <summary>What is uploaded: what cannot work is refused with the reason.</summary>
public sealed class CertificateReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("shop.example", "shop.example")]
    [InlineData("SHOP.example.", "shop.example")]
    [InlineData("a.example", "*.example")]
    [InlineData("*.example", "*.example")]
    public void A_certificate_that_covers_the_host_is_taken(string host, string name)
    {
        var (chain, key) = Make(Now, name);
        var read = CertificateReader.Read(host, chain, key, Now);
        Assert.True(read.IsSuccess, read.Error?.ToString());
        Assert.Equal(Now.AddDays(90), read.Value.NotAfter);
    }

    [Fact]
    public void Without_alternative_names_the_common_name_counts()
    {
        var (chain, key) = Make(Now);
        Assert.True(CertificateReader.Read("plain.example", chain, key, Now).IsSuccess);
        Assert.Equal(ErrorCode.CertificateMismatch, CertificateReader.Read("other.example", chain, key, Now).Error?.Code);
    }

    [Theory]
    [InlineData("a.b.example", "*.example")]
    [InlineData("example", "*.example")]
    [InlineData("*.example", "a.example")]
    [InlineData("other.example", "shop.example")]
    public void One_for_other_hosts_is_refused_and_says_which(string host, string name)
    {
        var (chain, key) = Make(Now, name);
        var error = CertificateReader.Read(host, chain, key, Now).Error;
        Assert.Equal(ErrorCode.CertificateMismatch, error?.Code);
        Assert.Contains($"not for '{host}' but for {name}", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        var (chain, _) = Make(Now, "shop.example");
        var (_, key) = Make(Now, "shop.example");
        Assert.Contains("not the key of the first certificate", CertificateReader.Read("shop.example", chain, key, Now).Error?.Message, StringComparison.Ordinal);
        using var rsa = RSA.Create(2048);
        Assert.Contains("not the key of the first certificate", CertificateReader.Read("shop.example", chain, rsa.ExportRSAPrivateKeyPem(), Now).Error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-91, "expired on 2026-10-31")]
    [InlineData(1, "not good before 2026-11-02")]
    public void One_that_is_not_good_now_is_refused(int days, string words)
    {
        var (chain, key) = Make(Now.AddDays(days), "shop.example");
        Assert.Contains(words, CertificateReader.Read("shop.example", chain, key, Now).Error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", "'chain' is not certificates in PEM.")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "'chain' is not certificates in PEM.")]
    [InlineData("", "'chain' is not certificates in PEM.")]
    public void What_is_no_certificate_is_refused(string chain, string words) =>
        Assert.Equal((ErrorCode.InvalidValue, words), Reason(CertificateReader.Read("shop.example", chain, Make(Now, "shop.example").Key, Now)));

    [Fact]
    public void What_is_no_key_is_refused()
    {
        var (chain, key) = Make(Now, "shop.example");
        Assert.Equal((ErrorCode.InvalidValue, "'pkey' is not a private key in PEM."), Reason(CertificateReader.Read("shop.example", chain, "nothing", Now)));
        Assert.Equal((ErrorCode.InvalidValue, "'pkey' is not a private key in PEM."), Reason(CertificateReader.Read("shop.example", chain, chain, Now)));
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(key);
        var encrypted = ecdsa.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Assert.Equal((ErrorCode.InvalidValue, "'pkey' is encrypted."), Reason(CertificateReader.Read("shop.example", chain, encrypted, Now)));
        Assert.Equal(ErrorCode.TooLong, CertificateReader.Read("shop.example", chain, new string('x', CertificateReader.MaxLength + 1), Now).Error?.Code);
    }

    [Fact]
    public void A_key_that_clients_refuse_is_refused()
    {
        using var rsa = RSA.Create(1024);
        var request = new CertificateRequest("CN=shop.example", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(Now, Now.AddDays(1));
        Assert.Contains("1024 bits", CertificateReader.Read("shop.example", made.ExportCertificatePem(), rsa.ExportPkcs8PrivateKeyPem(), Now).Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_rsa_key_in_either_form_is_taken()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=shop.example", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(Now, Now.AddDays(1));
        Assert.True(CertificateReader.Read("shop.example", made.ExportCertificatePem(), rsa.ExportPkcs8PrivateKeyPem(), Now).IsSuccess);
        Assert.True(CertificateReader.Read("shop.example", made.ExportCertificatePem(), rsa.ExportRSAPrivateKeyPem(), Now).IsSuccess);
    }

    private static (ErrorCode?, string?) Reason(Result<ServerCertificate> result) => (result.Error?.Code, result.Error?.Message);

    private static (string Chain, string Key) Make(DateTimeOffset from, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=plain.example", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        if (names.Length > 0)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }

        using var made = request.CreateSelfSigned(from, from.AddDays(90));
        return (made.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
