using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// Which ports of a machine speak HTTP/2 without TLS (RFC 9113 §3.3, "prior knowledge"). Nothing announces it, so the first request that needs
/// it asks; the answer holds as long as the machine lives.
/// </summary>
/// <param name="address">The guest's address.</param>
internal sealed class GuestHttp2(IPAddress address)
{
    private const int FrameHead = 9;
    private const byte SettingsFrame = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, Task<bool>> _known = new();

    /// <summary>Whether a port speaks it.</summary>
    public async ValueTask<bool> IsSpokenAsync(int port, CancellationToken cancellation)
    {
        // What belongs to everybody who asks is not ended by one of them.
        var asking = _known.GetOrAdd(port, static (port, address) => AskAsync(new IPEndPoint(address, port)), address);
        try
        {
            return await asking.WaitAsync(cancellation);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Nobody answered, which says nothing.
            _known.TryRemove(KeyValuePair.Create(port, asking));
            return false;
        }
    }

    private static async Task<bool> AskAsync(IPEndPoint guest)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = await GuestSocket.ConnectAsync(guest, patience.Token);
        await using var stream = new NetworkStream(socket);
        // The preface, and settings that set nothing.
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), patience.Token);
        var head = new byte[FrameHead];
        return await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, patience.Token) == head.Length && head[3] == SettingsFrame && head[5..].All(part => part == 0);
    }
}
