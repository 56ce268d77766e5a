using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Text;
using Wisp.Gateway.Tests.Tls;

namespace Wisp.Gateway.Tests.Hostile;

/// <summary>An HTTP/2 connection (RFC 9113) driven frame by frame, for what no HTTP client would send.</summary>
internal sealed class FrameClient : IAsyncDisposable
{
    public const byte Data = 0, Headers = 1, Priority = 2, Reset = 3, Settings = 4, Push = 5, Ping = 6, GoAway = 7, Window = 8, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4, Acknowledge = 1, Padded = 8, WithPriority = 32;

    private const int HeadLength = 9;

    private readonly SslStream _stream;

    private FrameClient(SslStream stream) => _stream = stream;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What every request begins with.</summary>
    public static (string Name, string Value)[] Get { get; } = [(":method", "GET"), (":scheme", "https"), (":authority", "shop.localhost"), (":path", "/")];

    public static async Task<FrameClient> ConnectAsync(IPEndPoint to, string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    {
        var client = new FrameClient(await TlsClient.ConnectAsync(to, TlsClient.Options("shop.localhost", SslApplicationProtocol.Http2)));
        await client._stream.WriteAsync(Encoding.Latin1.GetBytes(preface), Cancel);
        return client;
    }

    /// <summary>Headers as HPACK literals without indexing (RFC 7541 section 6.2.2).</summary>
    public static byte[] Pack(params IEnumerable<(string Name, string Value)> headers) =>
        [.. headers.SelectMany(header => (byte[])[0, .. Text(header.Name), .. Text(header.Value)])];

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeadLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeadLength));
        return frame;
    }

    /// <summary>Sends as far as the other side takes it.</summary>
    /// <returns>False when it takes no more.</returns>
    public async Task<bool> SendAsync(params ReadOnlyMemory<byte>[] frames)
    {
        try
        {
            foreach (var frame in frames)
            {
                await _stream.WriteAsync(frame, Cancel);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The next frame of one of these types; null at the end.</summary>
    public async Task<(byte Type, int Stream, byte[] Payload)?> ReadAsync(params byte[] types)
    {
        var head = new byte[HeadLength];
        try
        {
            while (true)
            {
                await _stream.ReadExactlyAsync(head, Cancel);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await _stream.ReadExactlyAsync(payload, Cancel);
                if (types.Contains(head[3]))
                {
                    return (head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
                }
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static byte[] Text(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return bytes.Length < 127 ? [(byte)bytes.Length, .. bytes] : throw new ArgumentException("Too long for one byte.", nameof(text));
    }
}
