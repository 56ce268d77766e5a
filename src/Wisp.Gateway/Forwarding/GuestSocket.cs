using System.Net;
using System.Net.Sockets;

namespace Wisp.Gateway.Forwarding;

/// <summary>A TCP connection to a guest.</summary>
internal static class GuestSocket
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(10);

    // tcp(7), and struct tcp_info of linux/tcp.h: segments in flight, and bytes that wait for room in the window.
    private const int TcpInfo = 11;
    private const int Unacked = 24;
    private const int NotSent = 144;

    /// <summary>Whether the guest's kernel has not yet acknowledged all that was sent to it.</summary>
    public static bool HasUnacknowledged(Socket socket)
    {
        try
        {
            Span<byte> info = stackalloc byte[NotSent + sizeof(uint)];
            var length = socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, TcpInfo, info);
            return length == info.Length && (info[Unacked..][..sizeof(uint)].ContainsAnyExcept((byte)0) || info[NotSent..].ContainsAnyExcept((byte)0));
        }
        // It ends just now.
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

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
