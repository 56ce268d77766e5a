using System.Net;

namespace Wisp.Gateway.Forwarding;

/// <summary>A body whose pieces are flushed one by one; see <see cref="StreamingHandler"/>.</summary>
internal sealed class StreamingContent : HttpContent
{
    private readonly HttpContent _body;

    public StreamingContent(HttpContent body)
    {
        _body = body;
        foreach (var (name, values) in body.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _body.CopyToAsync(new FlushingStream(stream), context, cancellationToken);

    // The client's Content-Length is among the headers; without one the body is chunked.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
