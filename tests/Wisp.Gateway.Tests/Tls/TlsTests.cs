using System.Net.Security;
using System.Text;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Tls;

/// <summary>Bytes over TLS: the gateway takes it away, and the name that is asked for says to whom they go.</summary>
public sealed class TlsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_share_a_port_by_the_name_that_clients_ask_for()
    {
        using var red = new TcpApplication();
        using var blue = new TcpApplication();
        await using var gateway = await StartAsync(red.Port, "red.localhost");
        Assert.True((await gateway.PublishAsync(
            gateway.Route with { Id = Guid.NewGuid(), Domains = ["blue.localhost"], Certificates = HttpsTests.Of("blue.localhost"), Targets = [new RouteTarget(gateway.Backend, blue.Port)] })).IsSuccess);
        foreach (var (application, name) in ((TcpApplication, string)[])[(red, "red.localhost"), (blue, "BLUE.localhost")])
        {
            await using var client = await TlsClient.ConnectAsync(gateway.Route.Listen, TlsClient.Options(name));
            using var guest = await application.AcceptAsync();
            await client.WriteAsync(Encoding.ASCII.GetBytes(name), Cancel);
            Assert.Equal(name, await guest.ReadUntilAsync(name));
            await guest.SendAsync("heard");
            Assert.Equal("heard", await ReadAsync(client, 5));
        }

        await gateway.QuietAsync();
    }

    [Fact]
    public async Task Each_direction_ends_by_itself()
    {
        using var application = new TcpApplication();
        await using var gateway = await StartAsync(application.Port, "red.localhost");
        await using var client = await TlsClient.ConnectAsync(gateway.Route.Listen, TlsClient.Options("red.localhost"));
        using var guest = await application.AcceptAsync();
        await guest.SendAsync("all I have to say");
        guest.EndSending();
        Assert.Equal("all I have to say", await ReadAsync(client, 64));
        await client.WriteAsync("more"u8.ToArray(), Cancel);
        await client.ShutdownAsync();
        Assert.Equal("more", await guest.ReadToEndAsync());
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_client_is_held_until_the_instance_is_awake()
    {
        using var application = new TcpApplication();
        await using var gateway = await StartAsync(application.Port, "red.localhost");
        gateway.Backend.SetAsleep();
        await using var client = await TlsClient.ConnectAsync(gateway.Route.Listen, TlsClient.Options("red.localhost"));
        await client.WriteAsync("early"u8.ToArray(), Cancel);
        using var guest = await application.AcceptAsync();
        Assert.Equal("early", await guest.ReadUntilAsync("early"));
        Assert.Equal(1, gateway.Wake.Calls);
    }

    [Fact]
    public async Task A_name_without_a_service_ends_the_connection()
    {
        await using var gateway = await StartAsync(1, "red.localhost");
        var options = TlsClient.Options("nobody.localhost");
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        await using var client = await TlsClient.ConnectAsync(gateway.Route.Listen, options);
        try
        {
            Assert.Equal("", await ReadAsync(client, 1));
        }
        catch (IOException)
        {
            // Reset.
        }

        Assert.Equal(0, gateway.Wake.Calls);
    }

    private static async Task<TestGateway> StartAsync(int port, string domain)
    {
        var gateway = await TestGateway.StartAsync(port);
        var route = gateway.Route with { Protocol = RouteProtocol.Tcp, Tls = true, Domains = [domain], Certificates = HttpsTests.Of(domain) };
        Assert.True((await gateway.PublishAsync(route)).IsSuccess);
        return gateway with { Route = route };
    }

    private static async Task<string> ReadAsync(SslStream client, int atMost)
    {
        var buffer = new byte[atMost];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReadAtLeastAsync(buffer, atMost, throwOnEndOfStream: false, Cancel));
    }
}
