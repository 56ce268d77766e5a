namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>
/// Sends an HTTP/1.1 request with a long body, or one that the guest is asked about first, on a connection of its own, where the answer is read while the body is still being sent; every
/// other request goes on to the pool.
/// </summary>
/// <remarks>
/// <see cref="SocketsHttpHandler"/> sends an HTTP/1.1 body to its end before it reads the answer. An application that answers while
/// it reads then waits for its answer to be taken, and the gateway for its body: for ever, once the buffers between them are full.
/// </remarks>
internal sealed class DuplexHandler(HttpMessageHandler pool) : DelegatingHandler(pool)
{
    // What fits into the guest's receive buffer is sent to its end whatever the application does.
    private const long FitsIntoBuffers = 64 * 1024;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The pool sends a short body also where the guest has said that it does not want it, and so asks the client for it.
        if (request is { Version.Major: 1, Content.Headers.ContentLength: null or > FitsIntoBuffers } or { Version.Major: 1, Content: not null, Headers.ExpectContinue: true })
        {
            return Exchange.SendAsync(request, request.Content!, cancellationToken);
        }

        // When a pooled connection breaks, the pool sends what has no content again, whatever the method.
        request.Content ??= request.Version.Major > 1 || Retries.IsIdempotent(request.Method.Method) ? null : new ByteArrayContent([]);
        return base.SendAsync(request, cancellationToken);
    }
}
