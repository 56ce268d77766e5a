using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Wisp.Contracts;

namespace Wisp.Api.Http;

/// <summary>
/// The way out of a connection. Kestrel itself refuses what is no HTTP to it, such as a path with %00, before any code of an application
/// runs, and with nothing but a head: here that head gets an envelope to go with it. Kestrel writes a head in one piece, if it fits into what
/// it gets for it, and closes the connection after such a one; answers of the API always have a body.
/// </summary>
internal sealed class BareRefusals(PipeWriter inner) : PipeWriter
{
    private static readonly byte[] Refusal = "HTTP/1.1 4"u8.ToArray();
    private static readonly byte[] Upgrade = "HTTP/1.1 101"u8.ToArray();
    private static readonly byte[] NoBody = "\r\nContent-Length: 0\r\n"u8.ToArray();
    private static readonly byte[] End = "\r\n\r\n"u8.ToArray();

    // Such a head has some 150 bytes. What is left behind an earlier answer could be less than that.
    private const int Head = 1024;

    private Memory<byte> _piece;
    private bool _isUpgraded;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes)
    {
        var written = bytes <= _piece.Length ? _piece.Span[..bytes] : default;
        // What goes through it then is no HTTP of ours, whatever it looks like.
        _isUpgraded = _isUpgraded || written.StartsWith(Upgrade);
        if (!_isUpgraded && written.StartsWith(Refusal) && written.EndsWith(End) && written.IndexOf(NoBody) is > 0 and var at)
        {
            inner.Write(Complete(written, at));
        }
        else
        {
            inner.Advance(bytes);
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _piece = inner.GetMemory(Math.Max(sizeHint, Head));

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => inner.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private static byte[] Complete(ReadOnlySpan<byte> head, int at)
    {
        // Behind "HTTP/1.1 ", as in "400 Bad Request".
        var status = Encoding.ASCII.GetString(head[9..head.IndexOf((byte)'\r')]);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Envelope<JsonElement?>
            {
                Status = ResponseStatus.Error,
                Message = $"The request cannot be read: {status}. Send HTTP/1.1 whose path and headers follow its rules.",
                Errors = [new ResponseError(int.Parse(status.AsSpan(0, 3), CultureInfo.InvariantCulture))],
                OpTimeUs = 0,
            },
            WireJson.Default.EnvelopeNullableJsonElement);
        return [.. head[..at], .. Encoding.ASCII.GetBytes($"\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n"), .. head[(at + NoBody.Length)..], .. body];
    }
}
