using System.Net.Sockets;
using Wisp.Gateway.Forwarding;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Duplex;

/// <summary>A side that goes away while a body is being sent.</summary>
public sealed class EndingTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = DuplexClient.Hang)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_client_that_goes_away_ends_the_guests_connection_and_is_counted_out(bool reset, bool answered)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Head);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("half\r\n");
        if (answered)
        {
            await guest.SendAsync("HTTP/1.1 200 OK\r\n\r\nhalf");
            await client.ReadUntilAsync("half");
        }

        if (reset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await AssertBrokenOffAsync(guest);
        await gateway.QuietAsync();
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task A_client_that_breaks_the_rules_is_told_so_and_the_guest_does_not_take_half_for_all()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Head);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("half\r\n");
        await client.SendAsync("this is no length\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await AssertBrokenOffAsync(guest);
        await gateway.QuietAsync();
    }

    [Theory(Timeout = DuplexClient.Hang)]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n")]
    public async Task A_guest_that_goes_away_before_it_answers_is_502(string said)
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Head);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("half\r\n");
        await guest.SendAsync(said);
        guest.Reset();
        Assert.StartsWith("HTTP/1.1 502 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await gateway.QuietAsync();
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task A_guest_that_goes_away_while_it_answers_breaks_the_answer_off()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Head);
        using var guest = await application.AcceptAsync();
        await guest.ReadUntilAsync("half\r\n");
        await guest.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
        await client.ReadUntilAsync("half");
        guest.Reset();
        await AssertBrokenOffAsync(client);
        await gateway.QuietAsync();
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task A_client_that_is_silent_is_asked_now_and_then_whether_it_is_still_there()
    {
        using var application = new TcpApplication();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Head);
        using var guest = await application.AcceptAsync();
        // Accepted, hence in the table; its timer (field 6) is a keep-alive (2) once nothing is on its way.
        await guest.ReadUntilAsync("half\r\n");
        await Eventually.TrueAsync(() => File.ReadLines("/proc/net/tcp").Any(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { } fields
            && fields[1] == Hexadecimal(gateway.Route.Listen) && fields[3] == "01" && fields[5].StartsWith("02:", StringComparison.Ordinal)));
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task A_guest_that_takes_nothing_is_given_up()
    {
        using var application = new TcpApplication();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", application.Port, Cancel);
        using var guest = await application.AcceptAsync();
        Liveness.LimitStall(socket, TimeSpan.FromMilliseconds(500));
        var block = new byte[1 << 20];
        var exception = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                await socket.SendAsync(block, Cancel);
            }
        });
        Assert.Equal(SocketError.TimedOut, exception.SocketErrorCode);
    }

    // By an end or a reset; the last chunk has not come.
    private static async Task AssertBrokenOffAsync(RawClient connection)
    {
        try
        {
            Assert.DoesNotContain("0\r\n\r\n", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            // Reset.
        }
    }

    private static string Hexadecimal(System.Net.IPEndPoint endpoint) =>
        $"{BitConverter.ToUInt32(endpoint.Address.GetAddressBytes()):X8}:{endpoint.Port:X4}";
}
