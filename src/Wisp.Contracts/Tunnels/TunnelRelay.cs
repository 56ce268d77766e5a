using System.Net.Sockets;
using System.Net.WebSockets;

namespace Wisp.Contracts.Tunnels;

/// <summary>
/// Carries a TCP connection over a WebSocket, byte for byte, each direction ending by itself: what comes is a binary message, and who has
/// said all closes the output.
/// </summary>
public static class TunnelRelay
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Runs until both directions have ended, or one of them breaks, which ends both.</summary>
    /// <param name="web">The WebSocket; aborted when one breaks.</param>
    /// <param name="tcp">The connection.</param>
    /// <param name="cancellation">Ends both.</param>
    /// <returns>Null, or what broke.</returns>
    public static async Task<string?> RunAsync(WebSocket web, Socket tcp, CancellationToken cancellation)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] directions = [ToTcpAsync(web, tcp, broken.Token), ToWebAsync(tcp, web, broken.Token)];
        try
        {
            await await Task.WhenAny(directions);
            await Task.WhenAll(directions);
            return null;
        }
        catch (Exception exception) when (exception is WebSocketException or SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            await broken.CancelAsync();
            web.Abort();
            await Task.WhenAll(directions).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return exception is OperationCanceledException ? "It was ended." : exception.Message;
        }
    }

    private static async Task ToTcpAsync(WebSocket web, Socket tcp, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        while (await web.ReceiveAsync(buffer.AsMemory(), cancellation) is { MessageType: not WebSocketMessageType.Close } received)
        {
            for (var sent = 0; sent < received.Count;)
            {
                sent += await tcp.SendAsync(buffer.AsMemory(sent, received.Count - sent), SocketFlags.None, cancellation);
            }
        }

        tcp.Shutdown(SocketShutdown.Send);
    }

    private static async Task ToWebAsync(Socket tcp, WebSocket web, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        while (await tcp.ReceiveAsync(buffer, SocketFlags.None, cancellation) is > 0 and var count)
        {
            await web.SendAsync(buffer.AsMemory(0, count), WebSocketMessageType.Binary, endOfMessage: true, cancellation);
        }

        await web.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
    }
}
