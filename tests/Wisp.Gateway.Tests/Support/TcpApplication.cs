using System.Net;
using System.Net.Sockets;

namespace Wisp.Gateway.Tests.Support;

/// <summary>What runs in the guest: a TCP listener; the test plays its side of each connection.</summary>
internal sealed class TcpApplication : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TcpApplication() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Task<RawClient> AcceptAsync() => AcceptAsync(TestContext.Current.CancellationToken);

    public async Task<RawClient> AcceptAsync(CancellationToken cancellation) => RawClient.Over(await _listener.AcceptSocketAsync(cancellation));

    /// <summary>A port of this host where nobody listens: one that was just given back.</summary>
    public static int NobodysPort()
    {
        using var application = new TcpApplication();
        return application.Port;
    }

    public void Dispose() => _listener.Dispose();
}
