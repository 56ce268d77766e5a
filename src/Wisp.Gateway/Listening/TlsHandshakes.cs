using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Wisp.Certificates;
using Wisp.Gateway.Routing;

namespace Wisp.Gateway.Listening;

/// <summary>Chooses what a client that says hello is shown: the certificate of the service that it asks for.</summary>
internal sealed class TlsHandshakes(Func<RoutingSnapshot> snapshot, CertificateShelf certificates, TimeSpan patience)
{
    /// <summary>The settings of a listener.</summary>
    /// <param name="protocols">What clients can choose of by ALPN; empty where it is not HTTP.</param>
    public TlsHandshakeCallbackOptions Options(params List<SslApplicationProtocol> protocols) => new()
    {
        HandshakeTimeout = patience,
        OnConnection = hello => new(Choose(hello, protocols)),
    };

    private SslServerAuthenticationOptions Choose(TlsHandshakeCallbackContext hello, List<SslApplicationProtocol> protocols)
    {
        var asked = hello.ClientHelloInfo.ServerName;
        var local = (IPEndPoint)hello.Connection.LocalEndPoint!;
        return new SslServerAuthenticationOptions
        {
            // Whoever asks for nothing (an address is no server name), or for what is not here, is shown a certificate of the address and told
            // by the answer; a handshake that merely broke off would leave people guessing.
            ServerCertificateContext = snapshot().Find(local, asked) is { } route && route.Certificates.TryGetValue(asked, out var chosen)
                ? certificates.Find(chosen, asked)
                : certificates.Find(null, IPAddress.IsLoopback(local.Address) ? "localhost" : local.Address.ToString()),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = protocols.Count > 0 ? protocols : null,
        };
    }
}
