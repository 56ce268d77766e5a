using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Wisp.Gateway.Tests.Support;

/// <summary>What runs in the guest: a real HTTP server on loopback.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly WebApplication _server;

    private Application(WebApplication server, int port) => (_server, Port) = (server, port);

    public int Port { get; }

    public static async Task<Application> StartAsync(RequestDelegate handle, int port = 0, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(new IPEndPoint(IPAddress.Loopback, port), listen => listen.Protocols = protocols);
        });
        var server = builder.Build();
        server.UseWebSockets();
        server.Run(handle);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new Application(server, new Uri(server.Urls.Single()).Port);
    }

    public async ValueTask DisposeAsync()
    {
        // Connections that are still open are cut off, as when a machine goes.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }
}
