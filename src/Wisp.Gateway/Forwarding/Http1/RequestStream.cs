using System.Buffers;
using System.Globalization;
using System.Net.Sockets;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>
/// Writes the body of a request; every piece leaves at once, as a chunk, or as it is and counted where the length is known.
/// </summary>
internal sealed class RequestStream(NetworkStream connection, long? length) : OneWayStream
{
    // Eight hexadecimal digits and two ends of line.
    private const int Framing = 8 + 2 + 2;

    private long _left = length ?? 0;

    public override bool CanWrite => true;

    /// <summary>Whether the other side takes no more.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Ends the body, with the trailers where it is in chunks, or fails when it is not as long as was promised.</summary>
    public ValueTask WriteEndAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        length is null ? SendAsync(Trailers.LastChunk(request), cancellation)
        : _left == 0 ? ValueTask.CompletedTask
        : throw new IOException($"{_left} bytes of the body are missing.");

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A chunk of nothing would be the end.
        if (buffer.IsEmpty)
        {
            return;
        }

        if (length is not null)
        {
            _left -= buffer.Length;
            await (_left >= 0 ? SendAsync(buffer, cancellationToken) : throw new IOException($"The body is {-_left} bytes longer than it says."));
            return;
        }

        var chunk = ArrayPool<byte>.Shared.Rent(buffer.Length + Framing);
        try
        {
            buffer.Length.TryFormat(chunk, out var end, "x", CultureInfo.InvariantCulture);
            end = Append(chunk, end, "\r\n"u8);
            end = Append(chunk, end, buffer.Span);
            end = Append(chunk, end, "\r\n"u8);
            await SendAsync(chunk.AsMemory(0, end), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static int Append(byte[] chunk, int end, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(chunk.AsSpan(end));
        return end + bytes.Length;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await connection.WriteAsync(bytes, cancellation);
        }
        catch (IOException)
        {
            IsRefused = true;
            throw;
        }
    }
}
