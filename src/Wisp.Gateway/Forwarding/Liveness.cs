using System.Buffers.Binary;
using System.Net.Sockets;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// Lets the kernel end connections whose other side is gone or stuck, so that nobody has to count how long a stream may be silent:
/// one that is only silent stays.
/// </summary>
internal static class Liveness
{
    private const int TcpUserTimeout = 18;

    /// <summary>Ends the connection when the other side's machine has not been heard of for ten minutes, while it is silent, too.</summary>
    public static void Watch(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 300);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
    }

    /// <summary>Leaves a connection alone that may be silent for any time.</summary>
    public static void Unwatch(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, false);
        // A guest that sleeps takes nothing of what it has been sent, for any time; zero is no limit of our own (tcp(7), TCP_USER_TIMEOUT).
        LimitStall(socket, TimeSpan.Zero);
    }

    /// <summary>
    /// Ends the connection when the other side takes nothing of what was sent to it for so long. While it does not, the gateway does
    /// not read what the client sends, and would not see that the client has gone.
    /// </summary>
    public static void LimitStall(Socket socket, TimeSpan limit)
    {
        Span<byte> milliseconds = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(milliseconds, (int)limit.TotalMilliseconds);
        socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, milliseconds);
    }
}
