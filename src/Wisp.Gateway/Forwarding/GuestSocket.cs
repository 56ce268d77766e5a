using System.Net;
using System.Net.Sockets;

namespace Wisp.Gateway.Forwarding;

/// <summary>A TCP connection to a guest.</summary>
internal static class GuestSocket
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(10);

    /// <summary>Connects, or throws <see cref="SocketException"/>.</summary>
    public static async ValueTask<Socket> ConnectAsync(EndPoint to, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, patience.Token);
            Liveness.Watch(socket);
            Liveness.LimitStall(socket, StallLimit);
            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            throw exception is OperationCanceledException && !cancellation.IsCancellationRequested
                ? new SocketException((int)SocketError.TimedOut)
                : exception;
        }
    }
}
