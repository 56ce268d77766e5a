using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>The body of an answer, up to where its head says that it ends (RFC 9112 section 6.3). Disposing of it ends the exchange.</summary>
internal sealed class ResponseStream : OneWayStream
{
    private const int LongestChunkLine = 4 * 1024;

    private readonly HttpResponseMessage _response;
    private readonly PipeReader _input;
    private readonly Exchange _exchange;
    private readonly bool _chunked;
    private bool _inChunk;
    private bool _ended;
    // Of the body, or of the chunk; null: up to the end of the connection.
    private long? _left;

    private ResponseStream(HttpResponseMessage response, PipeReader input, Exchange exchange)
    {
        (_response, _input, _exchange) = (response, input, exchange);
        (_chunked, _left) = Framing(response);
    }

    public override bool CanRead => true;

    /// <summary>Gives an answer its body.</summary>
    public static void Attach(HttpResponseMessage response, PipeReader input, Exchange exchange)
    {
        var headers = response.Content.Headers;
        response.Content = new StreamContent(new ResponseStream(response, input, exchange));
        foreach (var (name, values) in headers.NonValidated)
        {
            response.Content.Headers.TryAddWithoutValidation(name, values);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
        {
            await NextChunkAsync(cancellationToken);
        }

        if (_ended)
        {
            return 0;
        }

        var read = await _input.ReadAsync(cancellationToken);
        var bytes = read.Buffer.Slice(0, Math.Min(Math.Min(read.Buffer.Length, buffer.Length), _left ?? long.MaxValue));
        bytes.CopyTo(buffer.Span);
        _input.AdvanceTo(bytes.End);
        _left -= bytes.Length;
        _ended = _left is null && read.Buffer.IsEmpty;
        return read.Buffer.IsEmpty && !_ended ? throw Lines.BrokenOff() : (int)bytes.Length;
    }

    protected override void Dispose(bool disposing)
    {
        if (_ended)
        {
            _exchange.StopSending();
        }

        _exchange.Dispose();
        base.Dispose(disposing);
    }

    private static (bool Chunked, long? Left) Framing(HttpResponseMessage response)
    {
        if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified || response.RequestMessage!.Method == HttpMethod.Head)
        {
            return (false, 0);
        }

        var coded = response.Headers.NonValidated.TryGetValues("Transfer-Encoding", out var codings);
        var counted = response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths);
        return (coded, counted) switch
        {
            (true, false) when response.Version == HttpVersion.Version11 && string.Equals(codings.ToString(), "chunked", StringComparison.OrdinalIgnoreCase) => (true, 0),
            (false, true) when long.TryParse(lengths.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) => (false, length),
            (false, false) => (false, null),
            _ => throw Lines.Invalid("no one length"),
        };
    }

    private async ValueTask NextChunkAsync(CancellationToken cancellation)
    {
        if (!_chunked || _ended)
        {
            _ended = true;
            return;
        }

        if (_inChunk && await _input.ReadLineAsync(LongestChunkLine, cancellation) is not "")
        {
            throw Lines.Invalid("a chunk longer than it says");
        }

        var line = await _input.ReadLineAsync(LongestChunkLine, cancellation);
        var size = line.AsSpan(0, line.IndexOf(';', StringComparison.Ordinal) is >= 0 and var extension ? extension : line.Length).TrimEnd(" \t");
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0)
        {
            throw Lines.Invalid("a chunk without a size");
        }

        (_left, _inChunk) = (length, true);
        if (length == 0)
        {
            await ResponseHead.ReadTrailersAsync(_input, _response, cancellation);
            _ended = true;
        }
    }
}
