using System.Net;

namespace Wisp.Gateway.Observing;

/// <summary>A body that something is done to as it is streamed.</summary>
internal abstract class PassingContent(HttpContent inner) : HttpContent
{
    /// <summary>What is read in the body's place.</summary>
    protected abstract Stream Pass(Stream body);

    protected override async Task<Stream> CreateContentReadStreamAsync() => await CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => Pass(await inner.ReadAsStreamAsync(cancellationToken));

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
