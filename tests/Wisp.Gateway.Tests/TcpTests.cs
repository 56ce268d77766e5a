using System.Net.Sockets;
using System.Security.Cryptography;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>Raw TCP through the gateway.</summary>
public sealed class TcpTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_go_both_ways_and_the_connection_counts_until_both_have_ended()
    {
        await using var talk = await TcpConversation.BeginAsync();
        var (gateway, client, guest) = talk;
        // Who speaks first is the protocol's affair.
        await guest.SendAsync("220 hello\n");
        Assert.Equal("220 hello\n", await client.ReadUntilAsync("\n"));
        await client.SendAsync("EHLO\n");
        Assert.Equal("EHLO\n", await guest.ReadUntilAsync("\n"));
        Assert.Equal(1, gateway.Backend.InFlight);
        Assert.False(gateway.Backend.TryFallAsleep());
        client.EndSending();
        Assert.Equal("", await guest.ReadToEndAsync());
        guest.EndSending();
        Assert.Equal("", await client.ReadToEndAsync());
        await gateway.QuietAsync();
        Assert.Equal(0, gateway.Wake.Calls);
    }

    [Fact]
    public async Task A_client_that_has_said_all_still_hears_the_answer()
    {
        await using var talk = await TcpConversation.BeginAsync();
        var (gateway, client, guest) = talk;
        await client.SendAsync("question");
        client.EndSending();
        Assert.Equal("question", await guest.ReadToEndAsync());
        await guest.SendAsync("answer");
        guest.EndSending();
        Assert.Equal("answer", await client.ReadToEndAsync());
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_guest_that_has_said_all_still_hears_the_client()
    {
        await using var talk = await TcpConversation.BeginAsync();
        var (gateway, client, guest) = talk;
        await guest.SendAsync("all I have to say");
        guest.EndSending();
        Assert.Equal("all I have to say", await client.ReadToEndAsync());
        await client.SendAsync("and here is more from me");
        client.EndSending();
        Assert.Equal("and here is more from me", await guest.ReadToEndAsync());
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task Much_goes_both_ways_at_once_unchanged()
    {
        var (up, down) = (RandomNumberGenerator.GetBytes(16 << 20), RandomNumberGenerator.GetBytes(16 << 20));
        await using var talk = await TcpConversation.BeginAsync();
        var (gateway, client, guest) = talk;
        var received = await Task.WhenAll(SendAndEndAsync(client, up), ReadAllAsync(guest), SendAndEndAsync(guest, down), ReadAllAsync(client));
        Assert.True(up.AsSpan().SequenceEqual(received[1]), "upwards");
        Assert.True(down.AsSpan().SequenceEqual(received[3]), "downwards");
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task What_a_client_says_while_the_instance_sleeps_is_heard_when_it_is_awake()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp);
        gateway.Backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        gateway.Wake.Act = _ => awake.Task;
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("early");
        await gateway.Wake.Called.WaitAsync(Cancel);
        Assert.Equal(1, gateway.Backend.InFlight);
        awake.SetResult(Result.Success);
        using var guest = await application.AcceptAsync();
        Assert.Equal("early", await guest.ReadUntilAsync("early"));
    }

    [Fact]
    public async Task A_wake_that_fails_ends_the_connection()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp);
        gateway.Backend.SetAsleep();
        gateway.Wake.Act = _ => Task.FromResult<Result>(new WispError(ErrorCode.OperationFailed, "Gone."));
        await AssertNotServedAsync(gateway);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_wait_for_the_wake_is_counted_out()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp);
        gateway.Backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        gateway.Wake.Act = _ => awake.Task;
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await gateway.Wake.Called.WaitAsync(Cancel);
        client.Reset();
        await gateway.QuietAsync();
        awake.SetResult(Result.Success);
    }

    [Fact]
    public async Task A_client_that_has_said_all_while_the_instance_sleeps_still_hears_the_answer()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port, RouteProtocol.Tcp);
        gateway.Backend.SetAsleep();
        var awake = new TaskCompletionSource<Result>();
        gateway.Wake.Act = _ => awake.Task;
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("question");
        client.EndSending();
        await gateway.Wake.Called.WaitAsync(Cancel);
        awake.SetResult(Result.Success);
        using var guest = await application.AcceptAsync();
        Assert.Equal("question", await guest.ReadToEndAsync());
        await guest.SendAsync("answer");
        guest.EndSending();
        Assert.Equal("answer", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_stopped_instance_ends_the_connection()
    {
        await using var gateway = await TestGateway.StartAsync(1, RouteProtocol.Tcp);
        gateway.Backend.SetGone();
        await AssertNotServedAsync(gateway);
        Assert.Equal(0, gateway.Wake.Calls);
    }

    [Fact]
    public async Task A_guest_that_refuses_ends_the_connection()
    {
        await using var gateway = await TestGateway.StartAsync(TcpApplication.NobodysPort(), RouteProtocol.Tcp);
        await AssertNotServedAsync(gateway);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_client_that_vanishes_ends_the_guests_side()
    {
        await using var talk = await TcpConversation.BeginAsync();
        var (gateway, client, guest) = talk;
        await client.SendAsync("a");
        await guest.ReadUntilAsync("a");
        client.Reset();
        await AssertEndedAsync(guest);
        await gateway.QuietAsync();
    }

    [Fact]
    public async Task A_guest_that_vanishes_ends_the_clients_side()
    {
        await using var talk = await TcpConversation.BeginAsync();
        var (gateway, client, guest) = talk;
        await client.SendAsync("a");
        await guest.ReadUntilAsync("a");
        guest.Reset();
        await AssertEndedAsync(client);
        await gateway.QuietAsync();
    }

    private static async Task AssertNotServedAsync(TestGateway gateway)
    {
        try
        {
            using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
            await AssertEndedAsync(client);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Ended before the client even knew that it had begun.
        }
    }

    // By an end or by a reset: what matters is that nobody is left waiting.
    private static async Task AssertEndedAsync(RawClient connection)
    {
        try
        {
            Assert.Equal("", await connection.ReadToEndAsync());
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            // Reset.
        }
    }

    private static async Task<byte[]> SendAndEndAsync(RawClient connection, byte[] bytes)
    {
        await connection.Stream.WriteAsync(bytes, Cancel);
        connection.EndSending();
        return bytes;
    }

    private static async Task<byte[]> ReadAllAsync(RawClient connection)
    {
        using var all = new MemoryStream();
        await connection.Stream.CopyToAsync(all, Cancel);
        return all.ToArray();
    }
}
