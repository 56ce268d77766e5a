using System.Security.Cryptography.X509Certificates;
using Wisp.Certificates;

namespace Wisp.Gateway.Tests.Support;

/// <summary>A certificate authority for all tests.</summary>
internal static class TestAuthority
{
    public static LocalAuthority Instance { get; } = Make();

    /// <summary>Its certificate, as a client trusts it.</summary>
    public static X509Certificate2 Root { get; } = X509Certificate2.CreateFromPem(Instance.CertificatePem);

    private static LocalAuthority Make()
    {
        var directory = Directory.CreateTempSubdirectory("wisp-ca-");
        var authority = LocalAuthority.Open(directory.FullName, TimeProvider.System).Value;
        directory.Delete(recursive: true);
        return authority;
    }
}
