using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Tls;

/// <summary>HTTP over TLS: what is shown, and who answers.</summary>
public sealed class HttpsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_service_answers_under_a_certificate_of_its_name(int version)
    {
        await using var application = await Application.StartAsync(async context =>
            await context.Response.WriteAsync($"{context.Request.Headers["X-Forwarded-Proto"]} {context.Request.Host} {await new StreamReader(context.Request.Body).ReadToEndAsync(Cancel)}"));
        await using var gateway = await StartAsync(application.Port);
        using var client = TlsClient.Http(gateway.Route.Listen, new Version(version, version == 1 ? 1 : 0));
        using var answer = await client.PostAsync(new Uri("https://shop.localhost:8443/a%2Fb"), new StringContent("sent"), Cancel);
        Assert.Equal(version, answer.Version.Major);
        Assert.Equal("https shop.localhost:8443 sent", await answer.Content.ReadAsStringAsync(Cancel));
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task Many_requests_share_one_connection_and_one_wake()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("woken"));
        await using var gateway = await StartAsync(application.Port);
        gateway.Backend.SetAsleep();
        using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
        var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => client.GetStringAsync(new Uri("https://shop.localhost/"), Cancel)));
        Assert.All(answers, answer => Assert.Equal("woken", answer));
        Assert.Equal(1, gateway.Wake.Calls);
    }

    [Fact]
    public async Task Who_asks_for_a_name_that_is_not_here_is_told()
    {
        await using var gateway = await StartAsync(1);
        using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20, isTrusting: true);
        using var answer = await client.GetAsync(new Uri("https://nobody.localhost/"), Cancel);
        Assert.Equal((HttpStatusCode.NotFound, "There is no service on this URL.\n"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel)));
    }

    [Fact]
    public async Task Who_asks_for_another_service_than_the_one_whose_certificate_was_shown_is_sent_away()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("here"));
        await using var gateway = await StartAsync(application.Port);
        Assert.True((await gateway.PublishAsync(gateway.Route with { Id = Guid.NewGuid(), Domains = ["bank.localhost"], Certificates = Of("bank.localhost") })).IsSuccess);
        await using var connection = await TlsClient.ConnectAsync(gateway.Route.Listen, TlsClient.Options("shop.localhost"));
        await connection.WriteAsync("GET / HTTP/1.1\r\nHost: bank.localhost\r\n\r\n"u8.ToArray(), Cancel);
        var buffer = new byte[64];
        await connection.ReadExactlyAsync(buffer.AsMemory(0, 12), Cancel);
        Assert.StartsWith("HTTP/1.1 421", Encoding.ASCII.GetString(buffer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_replaced_while_connections_go_on()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(application.Port);
        var id = Guid.NewGuid();
        gateway.Certificates.Put(id, TestAuthority.Instance.Issue("shop.localhost"), isChosen: true);
        Assert.True((await gateway.PublishAsync(gateway.Route with { Certificates = new Dictionary<string, Guid?> { ["shop.localhost"] = id } })).IsSuccess);
        await using var before = await TlsClient.ConnectAsync(gateway.Route.Listen, TlsClient.Options("shop.localhost"));
        gateway.Certificates.Put(id, TestAuthority.Instance.Issue("shop.localhost"), isChosen: true);
        await using var after = await TlsClient.ConnectAsync(gateway.Route.Listen, TlsClient.Options("shop.localhost"));
        Assert.NotEqual(before.RemoteCertificate!.GetSerialNumberString(), after.RemoteCertificate!.GetSerialNumberString());
        Assert.Equal("HTTP/1.1 200", await AskAsync(before));
        Assert.Equal("HTTP/1.1 200", await AskAsync(after));

        static async Task<string> AskAsync(SslStream connection)
        {
            await connection.WriteAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"u8.ToArray(), Cancel);
            var head = new byte[12];
            await connection.ReadExactlyAsync(head, Cancel);
            return Encoding.ASCII.GetString(head);
        }
    }

    [Fact]
    public async Task A_name_without_a_service_costs_no_certificate()
    {
        await using var gateway = await StartAsync(1);
        var shown = new List<string>();
        foreach (var name in (string[])["a.example", "b.example"])
        {
            var options = TlsClient.Options(name);
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                shown.Add(certificate!.GetSerialNumberString());
                return true;
            };
            await using var connection = await TlsClient.ConnectAsync(gateway.Route.Listen, options);
        }

        Assert.Equal(shown[0], shown[1]);
    }

    [Fact]
    public async Task What_is_no_handshake_ends_and_others_are_served()
    {
        await using var application = await Application.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(application.Port);
        using var garbage = await RawClient.ConnectAsync(gateway.Route.Listen);
        await garbage.SendAsync("GET / HTTP/1.1\r\nHost: shop.localhost\r\n\r\n");
        await AssertEndedAsync(garbage);
        using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
        Assert.Equal("ok", await client.GetStringAsync(new Uri("https://shop.localhost/"), Cancel));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_websocket_works_over_either_version(int version)
    {
        await using var application = await Application.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            while (await socket.ReceiveAsync(buffer.AsMemory(), Cancel) is { MessageType: not WebSocketMessageType.Close } got)
            {
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, Cancel);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Cancel);
        });
        await using var gateway = await StartAsync(application.Port);
        using var client = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new Version(version, version == 1 ? 1 : 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri("wss://shop.localhost/"), client, Cancel);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Cancel);
        var buffer = new byte[64];
        var got = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, got.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
        await gateway.QuietAsync();
    }

    [Theory]
    [InlineData("GET", 8443, 301, "https://shop.localhost:8443/a%2Fb?c=d")]
    [InlineData("HEAD", 443, 301, "https://shop.localhost/a%2Fb?c=d")]
    [InlineData("POST", 8443, 308, "https://shop.localhost:8443/a%2Fb?c=d")]
    public async Task A_redirect_leads_to_https_and_wakes_nobody(string method, int port, int status, string location)
    {
        await using var gateway = await TestGateway.StartAsync(1);
        gateway.Backend.SetAsleep();
        Assert.True((await gateway.PublishAsync(gateway.Route with { RedirectPort = port, Domains = ["shop.localhost"] })).IsSuccess);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway.Url, "/a%2Fb?c=d"));
        request.Headers.Host = "shop.localhost:8080";
        using var answer = await gateway.Client.SendAsync(request, Cancel);
        Assert.Equal((status, location), ((int)answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Equal(0, gateway.Wake.Calls);
    }

    internal static Dictionary<string, Guid?> Of(string domain) => new(StringComparer.OrdinalIgnoreCase) { [domain] = null };

    private static async Task<TestGateway> StartAsync(int port)
    {
        var gateway = await TestGateway.StartAsync(port);
        var route = gateway.Route with { Tls = true, Domains = ["shop.localhost"], Certificates = Of("shop.localhost") };
        Assert.True((await gateway.PublishAsync(route)).IsSuccess);
        return gateway with { Route = route };
    }

    private static async Task AssertEndedAsync(RawClient connection)
    {
        try
        {
            await connection.ReadToEndAsync();
        }
        catch (IOException)
        {
            // Reset.
        }
    }
}
