using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Duplex;

/// <summary>An application that answers while it reads.</summary>
[Collection(nameof(Alone))]
public sealed class EchoTests
{
    // Ten gigabytes: WISP_BODY_MB=10240.
    private static readonly long Length = long.Parse(Environment.GetEnvironmentVariable("WISP_BODY_MB") ?? "500", CultureInfo.InvariantCulture) << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = DuplexClient.Hang)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Twenty_megabytes_come_back_unchanged(bool chunked)
    {
        await using var application = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var body = new RandomBody(20 << 20, chunked);
        using var answer = await DuplexClient.PostAsync(gateway, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var back = await answer.Content.ReadAsStreamAsync(Cancel);
        Assert.Equal(await SHA256.HashDataAsync(back, Cancel), body.Hash());
        await gateway.QuietAsync();
    }

    [Fact(Timeout = 10 * DuplexClient.Hang)]
    public async Task However_much_goes_through_memory_stays_flat()
    {
        // What the kernel's buffers of both connections may take in both directions, and garbage, with room to spare.
        const long Slack = 64L << 20, MemorySlack = 192L << 20;
        await using var application = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var body = new RandomBody(Length, chunked: true);
        var (before, resident) = (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        using var answer = await DuplexClient.PostAsync(gateway, body);
        await using var back = await answer.Content.ReadAsStreamAsync(Cancel);
        var buffer = new byte[64 * 1024];
        long got = 0, ahead = 0, most = 0, mostResident = 0;
        for (int read; (read = await back.ReadAsync(buffer, Cancel)) > 0; got += read)
        {
            ahead = Math.Max(ahead, body.Sent - got);
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before);
            mostResident = got % (1 << 20) < read ? Math.Max(mostResident, Environment.WorkingSet - resident) : mostResident;
        }

        Assert.Equal(Length, got);
        Assert.InRange(ahead, 0, Slack);
        Assert.InRange(most, 0, MemorySlack);
        Assert.InRange(mostResident, 0, MemorySlack);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Length >> 20} MB both ways: at most {ahead >> 20} MB under way, {most >> 20} MB of heap, {mostResident >> 20} MB resident");
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task A_hundred_one_after_the_other()
    {
        await using var application = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        for (var i = 0; i < 100; i++)
        {
            using var body = new RandomBody(100_000 + i, chunked: i % 2 == 0);
            using var answer = await DuplexClient.PostAsync(gateway, body);
            Assert.Equal(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(Cancel)), body.Hash());
        }

        await gateway.QuietAsync();
        Assert.Equal(100, gateway.Backend.Total);
    }

    [Fact(Timeout = DuplexClient.Hang)]
    public async Task Question_and_answer_take_turns_within_one_request()
    {
        await using var application = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(application.Port);
        using var client = await RawClient.ConnectAsync(gateway.Route.Listen);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        foreach (var word in (string[])["ping", "pong", "ding"])
        {
            await client.SendAsync($"4\r\n{word}\r\n");
            await client.ReadUntilAsync($"4\r\n{word}\r\n");
        }

        await client.SendAsync("0\r\n\r\n");
        await client.ReadUntilAsync("0\r\n\r\n");
        await gateway.QuietAsync();
    }

    private static Task<Application> StartAsync() => Application.StartAsync(async context =>
    {
        context.Response.ContentLength = context.Request.ContentLength;
        var buffer = new byte[32 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
        }
    });
}
