using System.Net;

namespace Wisp.Gateway.Observing;

/// <summary>The body of an instance's answer, or what comes after it has switched protocols, as it is streamed and counted.</summary>
internal sealed class CountedContent(HttpContent inner, ServiceTraffic traffic, AccessEntry? entry) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync() => await CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new CountedStream(await inner.ReadAsStreamAsync(cancellationToken), traffic, entry, isClients: false);

    // It is read, never written.
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
