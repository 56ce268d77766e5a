using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Wisp.Gateway.Listening;

/// <summary>One open UDP port: hears datagrams, and sends them. Its socket outlives it, with what nobody has heard yet.</summary>
internal sealed class UdpPort : IAsyncDisposable
{
    private const int SolSocket = 1, ReceiveBufferForce = 33, BurstBytes = 4 << 20;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly bool _isOfAll;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private Task _hearing = Task.CompletedTask;

    private UdpPort(Socket socket, IPEndPoint endpoint, TimeProvider time, ILogger logger)
    {
        (_socket, EndPoint, _time, _logger) = (socket, endpoint, time, logger);
        _isOfAll = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Opens a port, or says who has it. Nothing is heard before <see cref="Hear"/>.</summary>
    public static Result<UdpPort> Open(ListenSockets sockets, IPEndPoint endpoint, TimeProvider time, ILogger logger)
    {
        try
        {
            return new UdpPort(sockets.Open(NameOf(endpoint), () => Bind(endpoint)), endpoint, time, logger);
        }
        catch (SocketException exception)
        {
            return PortHolder.Refusal(endpoint, exception, isUdp: true);
        }
    }

    /// <summary>Closes the socket of a port that has ended: nobody is to take it over.</summary>
    public static void Close(ListenSockets sockets, IPEndPoint endpoint) => sockets.Close(NameOf(endpoint));

    /// <summary>Begins to hear once all are admitted; what comes before waits with the kernel.</summary>
    public void Hear(DatagramHandler handle, Task admitted) => _hearing = HearAsync(handle, admitted);

    /// <summary>Hears no more; what comes waits with the kernel. It still sends.</summary>
    public async Task StopHearingAsync()
    {
        await _closing.CancelAsync();
        await _hearing;
    }

    /// <summary>Sends a datagram to a client; one that cannot leave at once is lost.</summary>
    public void Send(SocketAddress to, IPAddress from, ReadOnlySpan<byte> datagram)
    {
        try
        {
            Datagrams.TrySend(_socket.SafeHandle, datagram, to, _isOfAll ? from : null);
        }
        catch (ObjectDisposedException)
        {
            // The port has just been closed.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopHearingAsync();
        _closing.Dispose();
    }

    private static string NameOf(IPEndPoint endpoint) => $"udp:{endpoint}";

    private static Socket Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                // As the listeners of TCP are.
                socket.DualMode = true;
            }

            socket.Bind(endpoint);
            HoldBursts(socket);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    // What comes faster than it is heard waits with the kernel, which has room for some hundred small ones.
    private static void HoldBursts(Socket socket)
    {
        try
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, BurstBytes);
            socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, bytes);
        }
        catch (SocketException)
        {
            // Only the administrator of the host may; then it is as large as the host has it.
            socket.ReceiveBufferSize = BurstBytes;
        }
    }

    private async Task HearAsync(DatagramHandler handle, Task admitted)
    {
        var anybody = new IPEndPoint(EndPoint.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        // The largest that there is.
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            try
            {
                await admitted.WaitAsync(_closing.Token);
                var heard = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, anybody, _closing.Token);
                handle(new Correspondent((IPEndPoint)heard.RemoteEndPoint, heard.PacketInformation.Address), buffer.AsSpan(0, heard.ReceivedBytes));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                // A port that would be deaf from here on is worse than a datagram lost.
                _logger.AcceptFailed(exception, EndPoint);
                await Task.Delay(AfterFailure, _time, CancellationToken.None);
            }
        }
    }
}
