using System.Net;
using System.Net.Sockets;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Tests.Measuring;

public sealed class SteadyClientTests
{
    [Fact]
    public async Task It_notes_the_longest_time_without_an_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var pause = TimeSpan.FromMilliseconds(200);
        var paused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var serving = ServeAsync(listener, pause, paused);
        await using var client = new SteadyClient((IPEndPoint)listener.LocalEndpoint);
        await paused.Task;
        var stopped = await client.StopAsync();
        Assert.True(stopped.IsSuccess, stopped.Error?.ToString());
        // It cannot have been shorter, whatever the machine did meanwhile.
        Assert.True(stopped.Value >= pause, $"{stopped.Value}");
        await serving;
    }

    [Fact]
    public async Task A_server_that_hangs_up_is_a_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = new SteadyClient((IPEndPoint)listener.LocalEndpoint);
        (await listener.AcceptSocketAsync(TestContext.Current.CancellationToken)).Dispose();
        Assert.False((await client.StopAsync()).IsSuccess);
    }

    private static async Task ServeAsync(TcpListener listener, TimeSpan pause, TaskCompletionSource paused)
    {
        using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        for (var asked = 1; await socket.ReceiveAsync(buffer) > 0; asked++)
        {
            if (asked == 2)
            {
                // Timers count in ticks of the system, and may be early by one.
                var from = TimeProvider.System.GetTimestamp();
                while (TimeProvider.System.GetElapsedTime(from) < pause)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
                }
            }

            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
            if (asked == 3)
            {
                paused.SetResult();
            }
        }
    }
}
