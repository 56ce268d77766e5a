using System.Globalization;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>
/// An answer's body as it is written to a client of HTTP/1.1: each piece a chunk, the trailers behind the last (RFC 9112 section 7.1). One that breaks off has no last.
/// </summary>
internal sealed class ChunkedStream(Stream body, HttpResponseMessage answer) : OneWayStream
{
    // Eight hexadecimal digits and an end of line before a piece, and one behind it.
    private const int Before = 8 + 2, Behind = 2;

    private ReadOnlyMemory<byte>? _end;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_end is { } rest)
        {
            return Take(rest, buffer);
        }

        if (buffer.IsEmpty)
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }

        if (buffer.Length <= Before + Behind)
        {
            throw new ArgumentException("There is no room for a chunk.", nameof(buffer));
        }

        var length = await body.ReadAsync(buffer[Before..^Behind], cancellationToken);
        return length == 0 ? Take(Trailers.LastChunk(answer), buffer) : Frame(buffer.Span, length);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
        }

        base.Dispose(disposing);
    }

    private static int Frame(Span<byte> buffer, int length)
    {
        length.TryFormat(buffer, out var digits, "x", CultureInfo.InvariantCulture);
        "\r\n"u8.CopyTo(buffer[digits..]);
        buffer.Slice(Before, length).CopyTo(buffer[(digits + 2)..]);
        "\r\n"u8.CopyTo(buffer[(digits + 2 + length)..]);
        return digits + 2 + length + Behind;
    }

    private int Take(ReadOnlyMemory<byte> rest, Memory<byte> buffer)
    {
        var length = Math.Min(rest.Length, buffer.Length);
        rest[..length].CopyTo(buffer);
        _end = rest[length..];
        return length;
    }
}
