using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Wisp.Api.Tests.Support;

namespace Wisp.Api.Tests.Tunnels;

/// <summary>Connections to ports of instances, over WebSockets. The guest is played by the test.</summary>
public sealed class TunnelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_go_both_ways_and_each_direction_ends_by_itself()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        using var guest = Guest();
        using var web = await OpenAsync(api, uuid, guest);
        using var talk = await guest.AcceptSocketAsync(Cancel);

        await web.SendAsync("question"u8.ToArray(), WebSocketMessageType.Binary, true, Cancel);
        await web.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
        Assert.Equal("question", await ReadToEndAsync(talk));
        // Who has said all still hears the answer, which is longer than any buffer.
        var answer = new byte[1_000_000];
        Random.Shared.NextBytes(answer);
        await talk.SendAsync(answer, Cancel);
        talk.Shutdown(SocketShutdown.Send);
        Assert.Equal(answer, await ReadToEndAsync(web));
        await api.Node.UntilAsync(() => api.Node.Backend.InFlight == 0);
    }

    [Fact]
    public async Task A_guest_that_has_said_all_still_hears_the_client()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        using var guest = Guest();
        using var web = await OpenAsync(api, uuid, guest);
        using var talk = await guest.AcceptSocketAsync(Cancel);
        await talk.SendAsync("all I have to say"u8.ToArray(), Cancel);
        talk.Shutdown(SocketShutdown.Send);
        Assert.Equal("all I have to say", Encoding.UTF8.GetString(await ReadToEndAsync(web)));
        await web.SendAsync("and here is more from me"u8.ToArray(), WebSocketMessageType.Binary, true, Cancel);
        await web.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancel);
        Assert.Equal("and here is more from me", await ReadToEndAsync(talk));
        await api.Node.UntilAsync(() => api.Node.Backend.InFlight == 0);
    }

    [Fact]
    public async Task One_that_sleeps_is_woken_and_held_awake_until_the_end()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        (await api.PutAsync($"/v1/instances/{uuid}/suspend")).Success();
        using var guest = Guest();
        using (var web = await OpenAsync(api, uuid, guest))
        {
            using var talk = await guest.AcceptSocketAsync(Cancel);
            Assert.Equal("running", (await api.GetAsync($"/v1/instances/{uuid}")).Success().Items("instances").Single().Text("state"));
            Assert.Equal((1, false), (api.Node.Backend.InFlight, api.Node.Backend.TryFallAsleep()));
        }

        // A client that goes away without a word ends it, too.
        await api.Node.UntilAsync(() => api.Node.Backend.InFlight == 0);
        Assert.Equal(1, api.Node.Backend.Wakes);
    }

    [Fact]
    public async Task The_end_of_its_machine_ends_it()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        using var guest = Guest();
        using var web = await OpenAsync(api, uuid, guest);
        using var talk = await guest.AcceptSocketAsync(Cancel);
        (await api.PutAsync("/v1/instances/stop", $$"""[{"uuid":"{{uuid}}","force":true}]""")).Success();
        await Assert.ThrowsAsync<WebSocketException>(() => ReadToEndAsync(web));
    }

    [Fact]
    public async Task A_token_that_is_revoked_carries_nothing_any_more()
    {
        await using var api = await TestApi.StartAsync();
        using var ada = await api.AccountAsync("ada");
        var made = ada.SendAsync("POST", "/v1/instances", Web);
        await api.Node.UntilAsync(() => made.IsCompleted);
        var uuid = (await made).Success().Items("instances").Single().Text("uuid")!;
        using var guest = Guest();
        using var web = await OpenAsync(api, uuid, guest, ada.Token);
        using var talk = await guest.AcceptSocketAsync(Cancel);
        (await api.DeleteAsync("/v1/users/tokens", $$"""{"id":"{{ada.Id}}"}""")).Success();
        api.Node.Time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<WebSocketException>(() => ReadToEndAsync(web));
    }

    [Fact]
    public async Task What_cannot_be_is_answered_before_the_upgrade()
    {
        await using var api = await TestApi.StartAsync();
        var uuid = await RunAsync(api);
        (await AskAsync(api, "7f0c1d3e-0000-4000-8000-000000000000", "port=1")).ItemFailure("instances", 8, "No instance with uuid");
        using (var guest = Guest())
        {
            guest.Stop();
            (await AskAsync(api, uuid, $"port={Port}")).ItemFailure("instances", 10, $"Port {Port} of instance 'web' takes no connection: Connection refused");
        }

        foreach (var query in (string[])["", "port=0", "port=65536", "port=1&port=2"])
        {
            (await AskAsync(api, uuid, query)).Failure(HttpStatusCode.BadRequest, "'port' must be a number from 1 to 65535.");
        }

        (await api.GetAsync($"/v1/instances/{uuid}/tunnel?port=1")).Failure(HttpStatusCode.BadRequest, "A tunnel is a WebSocket.");
        using var other = await api.AccountAsync("ada");
        (await AskAsync(api, uuid, "port=1", other.Token)).ItemFailure("instances", 8, "No instance with uuid");
        using var reader = await api.AccountAsync("ada", "read");
        (await AskAsync(api, uuid, "port=1", reader.Token)).Failure(HttpStatusCode.Forbidden, "");
        (await api.PutAsync("/v1/instances/stop", $$"""[{"uuid":"{{uuid}}","force":true}]""")).Success();
        (await AskAsync(api, uuid, "port=1")).ItemFailure("instances", 11, "Instance 'web' is stop");
        Assert.Equal(0, api.Node.Backend.InFlight);
    }

    private const int Port = 7301;

    private const string Web =
        """{"name":"web","image":"hello","autostart":true,"timeout_s":60,"service_group":{"services":[{"port":8080,"handlers":["http"],"ip":"127.0.0.1"}]},"scale_to_zero":{"policy":"on","stateful":true,"cooldown_time_ms":60000}}""";

    private static async Task<string> RunAsync(TestApi api)
    {
        var making = api.PostAsync("/v1/instances", Web);
        await api.Node.UntilAsync(() => making.IsCompleted);
        return (await making).Success().Items("instances").Single().Text("uuid")!;
    }

    // Where the network of the tests has its first guest.
    private static TcpListener Guest()
    {
        var guest = new TcpListener(IPAddress.Parse("127.64.0.2"), Port);
        guest.Start();
        return guest;
    }

    private static async Task<ClientWebSocket> OpenAsync(TestApi api, string uuid, TcpListener guest, string token = TestApi.Token)
    {
        var web = new ClientWebSocket();
        web.Options.SetRequestHeader("Authorization", "Bearer " + token);
        await web.ConnectAsync(new Uri($"ws://{api.Endpoint.Authority}/v1/instances/{uuid}/tunnel?port={((IPEndPoint)guest.LocalEndpoint).Port}"), Cancel);
        return web;
    }

    private static async Task<Answer> AskAsync(TestApi api, string uuid, string query, string token = TestApi.Token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/instances/{uuid}/tunnel?{query}")
        {
            Headers = { { "Authorization", "Bearer " + token }, { "Connection", "Upgrade" }, { "Upgrade", "websocket" }, { "Sec-WebSocket-Version", "13" }, { "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==" } },
        };
        using var client = new HttpClient { BaseAddress = api.Endpoint };
        using var response = await client.SendAsync(request, Cancel);
        return await Answer.ReadAsync(response, Cancel);
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        // Not through a stream, which takes one that has said all for one that is gone.
        var text = new StringBuilder();
        var buffer = new byte[1000];
        while (await socket.ReceiveAsync(buffer, Cancel) is > 0 and var count)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private static async Task<byte[]> ReadToEndAsync(WebSocket web)
    {
        using var all = new MemoryStream();
        var buffer = new byte[10_000];
        while (await web.ReceiveAsync(buffer.AsMemory(), Cancel) is { MessageType: not WebSocketMessageType.Close } received)
        {
            Assert.Equal(WebSocketMessageType.Binary, received.MessageType);
            await all.WriteAsync(buffer.AsMemory(0, received.Count), Cancel);
        }

        return all.ToArray();
    }
}
