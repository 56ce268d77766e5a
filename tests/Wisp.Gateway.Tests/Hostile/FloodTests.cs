using System.Net;
using Wisp.Gateway.Tests.Support;
using Wisp.Gateway.Tests.Tls;
using static Wisp.Gateway.Tests.Hostile.FrameClient;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>Frames of HTTP/2 that keep all its rules, in numbers. Alone: what the process holds is measured.</summary>
[Collection(nameof(Alone))]
public sealed class FloodTests
{
    private static byte[] Hello { get; } = Frame(Settings, 0, 0, []);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(Ping, 8)]
    [InlineData(Settings, 6)]
    public async Task What_wants_an_answer_that_nobody_reads_is_not_read_either_and_its_connection_ends(byte type, int length)
    {
        using var guest = new RecordingGuest();
        // So that what fits into one write is not waited for by the hour.
        await using var gateway = await TestGateway.StartHttpsAsync(guest.Port, ClientPatience.Usual with { Body = TimeSpan.FromSeconds(2), BytesPerSecond = 64 << 20 });
        await using var client = await ConnectAsync(gateway.Route.Listen);
        await client.SendAsync(Hello);
        var many = Enumerable.Repeat(Frame(type, 0, 0, [0, 4, 0, 0, 0xFF, 0xFF, .. new byte[length - 6]]), 1_000).SelectMany(frame => frame).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        while (await client.SendAsync(many))
        {
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32 << 20);
        await gateway.QuietAsync();
        using var other = TlsClient.Http(gateway.Route.Listen, HttpVersion.Version20);
        using var answer = await other.GetAsync(new Uri("https://shop.localhost/"), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
