using System.Net;
using System.Net.Sockets;
using System.Text;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Tests.Measuring;

public sealed class HttpProbeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_connection_carries_many_requests()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var probe = new HttpProbe((IPEndPoint)server.LocalEndpoint, keepAlive: true);
        Assert.True((await probe.ConnectAsync(Cancellation)).IsSuccess);
        using var client = await server.AcceptSocketAsync(Cancellation);
        for (var i = 0; i < 3; i++)
        {
            var asking = probe.GetAsync(Cancellation);
            await ReadRequestAsync(client);
            // In two pieces: the first byte comes with the first.
            var before = TimeProvider.System.GetTimestamp();
            await client.SendAsync("HTTP/1.1 200 OK\r\nContent-Le"u8.ToArray(), Cancellation);
            await client.SendAsync("ngth: 5\r\n\r\nhello"u8.ToArray(), Cancellation);
            var answer = await asking;
            Assert.InRange(answer.Value.FirstByteAt, before, TimeProvider.System.GetTimestamp());
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "status 503")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "ended before")]
    [InlineData("", "ended before")]
    public async Task Anything_but_a_whole_200_is_a_failure(string text, string reason)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var asking = HttpProbe.GetOnceAsync((IPEndPoint)server.LocalEndpoint, Cancellation);
        using (var client = await server.AcceptSocketAsync(Cancellation))
        {
            Assert.Contains("Connection: close\r\n", await ReadRequestAsync(client), StringComparison.Ordinal);
            await client.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        }

        var answer = await asking;
        Assert.Contains(reason, answer.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_a_failure()
    {
        IPEndPoint nobody;
        using (var server = new TcpListener(IPAddress.Loopback, 0))
        {
            server.Start();
            nobody = (IPEndPoint)server.LocalEndpoint;
        }

        Assert.Contains("refused", (await HttpProbe.GetOnceAsync(nobody, Cancellation)).Error!.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ReadRequestAsync(Socket client)
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            text.Append(Encoding.ASCII.GetString(buffer.AsSpan(0, await client.ReceiveAsync(buffer, Cancellation))));
        }

        return text.ToString();
    }
}
