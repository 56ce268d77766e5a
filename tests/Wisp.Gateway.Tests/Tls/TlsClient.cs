using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Tls;

/// <summary>Clients that speak TLS and trust the test's authority, whatever name leads to the gateway.</summary>
internal static class TlsClient
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Only what the authority has issued for the name is accepted.</summary>
    public static SslClientAuthenticationOptions Options(string host, params List<SslApplicationProtocol> protocols) => new()
    {
        TargetHost = host,
        ApplicationProtocols = protocols.Count > 0 ? protocols : null,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { TestAuthority.Root }, RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    /// <summary>A handshake by hand.</summary>
    public static async Task<SslStream> ConnectAsync(IPEndPoint to, SslClientAuthenticationOptions options)
    {
        var stream = new SslStream(new NetworkStream(await DialAsync(to), ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(options, Cancel);
            return stream;
        }
        catch (Exception)
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>An HTTP client for which every name leads to one endpoint.</summary>
    public static HttpClient Http(IPEndPoint to, Version version, bool isTrusting = false) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, _) => new NetworkStream(await DialAsync(to), ownsSocket: true),
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = Options("").CertificateChainPolicy,
            RemoteCertificateValidationCallback = isTrusting ? (_, _, _, _) => true : null,
        },
    })
    {
        DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = Timeout.InfiniteTimeSpan,
    };

    private static async Task<Socket> DialAsync(IPEndPoint to)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to, Cancel);
        return socket;
    }
}
