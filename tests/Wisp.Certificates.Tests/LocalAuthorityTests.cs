using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;

namespace Wisp.Certificates.Tests;

/// <summary>The node's own authority, and the shelf that issues by it.</summary>
public sealed class LocalAuthorityTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wisp-ca-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));

    [Fact]
    public void It_is_made_once_and_only_its_owner_can_read_its_key()
    {
        var made = LocalAuthority.Open(_directory, _time).Value;
        var again = LocalAuthority.Open(_directory, _time).Value;
        Assert.Equal(made.CertificatePem, again.CertificatePem);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, "ca.key")));
        Assert.NotEqual(made.Subject, LocalAuthority.Open(Path.Combine(_directory, "other"), _time).Value.Subject);
    }

    [Fact]
    public void One_that_was_half_made_is_made_anew()
    {
        File.WriteAllText(Path.Combine(_directory, "ca.key"), "half a key");
        Assert.True(LocalAuthority.Open(_directory, _time).IsSuccess);
    }

    [Fact]
    public void A_damaged_one_is_not_replaced_behind_anybody_s_back()
    {
        LocalAuthority.Open(_directory, _time);
        File.WriteAllText(Path.Combine(_directory, "ca.pem"), "damaged");
        var error = LocalAuthority.Open(_directory, _time).Error;
        Assert.Equal(ErrorCode.OperationFailed, error?.Code);
        Assert.Contains(_directory, error!.Message, StringComparison.Ordinal);
        Assert.Equal("damaged", File.ReadAllText(Path.Combine(_directory, "ca.pem")));
    }

    [Fact]
    public void One_without_its_key_or_with_another_is_not_replaced_either()
    {
        LocalAuthority.Open(_directory, _time);
        LocalAuthority.Open(Path.Combine(_directory, "other"), _time);
        File.Copy(Path.Combine(_directory, "other", "ca.key"), Path.Combine(_directory, "ca.key"), overwrite: true);
        Assert.Equal(ErrorCode.OperationFailed, LocalAuthority.Open(_directory, _time).Error?.Code);
        File.Delete(Path.Combine(_directory, "ca.key"));
        Assert.Equal(ErrorCode.OperationFailed, LocalAuthority.Open(_directory, _time).Error?.Code);
        Assert.True(File.Exists(Path.Combine(_directory, "ca.pem")));
    }

    [Fact]
    public void A_clock_that_was_set_back_keeps_nothing_from_being_issued()
    {
        var authority = LocalAuthority.Open(_directory, _time).Value;
        var past = new FakeTimeProvider(_time.GetUtcNow().AddDays(-400));
        Assert.True(LocalAuthority.Open(_directory, past).Value.Issue("a.localhost").NotAfter > _time.GetUtcNow());
        Assert.True(authority.Issue("a.localhost").Covers("a.localhost"));
    }

    [Theory]
    [InlineData("hello-wide-brook-1a2b3c4d.localhost")]
    [InlineData("a-label-that-is-as-long-as-labels-may-be-which-is-63-characters.a-second-one.example.com")]
    public void What_it_issues_is_good_for_that_host_alone_and_leads_to_it(string host)
    {
        var authority = LocalAuthority.Open(_directory, _time).Value;
        var issued = authority.Issue(host);
        Assert.True(issued.Covers(host));
        Assert.False(issued.Covers("other.localhost"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.CertificatePem));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        Assert.True(chain.Build(issued.Context.TargetCertificate), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    [Fact]
    public void A_host_keeps_its_certificate_until_a_third_of_its_life_is_left()
    {
        var shelf = new CertificateShelf(LocalAuthority.Open(_directory, _time).Value, _time);
        var first = shelf.Find(null, "a.localhost");
        Assert.Same(first, shelf.Find(null, "A.localhost"));
        Assert.NotSame(first, shelf.Find(null, "b.localhost"));
        _time.Advance(TimeSpan.FromDays(59));
        Assert.Same(first, shelf.Find(null, "a.localhost"));
        _time.Advance(TimeSpan.FromDays(2));
        Assert.NotSame(first, shelf.Find(null, "a.localhost"));
    }

    [Fact]
    public void What_was_put_there_comes_first_until_it_is_taken_away()
    {
        var authority = LocalAuthority.Open(_directory, _time).Value;
        var shelf = new CertificateShelf(authority, _time);
        var (id, own) = (Guid.NewGuid(), authority.Issue("a.example"));
        shelf.Put(id, own, isChosen: true);
        Assert.Same(own.Context, shelf.Find(id, "a.example"));
        Assert.NotSame(own.Context, shelf.Find(null, "a.example"));
        shelf.Remove(id);
        Assert.NotSame(own.Context, shelf.Find(id, "a.example"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
