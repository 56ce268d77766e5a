using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>The body of an answer behind which trailers can follow.</summary>
internal sealed class ChunkedContent(HttpContent inner, HttpResponseMessage answer) : PassingContent(inner)
{
    protected override Stream Pass(Stream body) => new ChunkedStream(body, answer);
}
