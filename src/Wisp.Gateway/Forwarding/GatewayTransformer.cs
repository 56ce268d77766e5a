using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Wisp.Gateway.Forwarding.Http1;
using Wisp.Gateway.Observing;
using Yarp.ReverseProxy.Forwarder;

namespace Wisp.Gateway.Forwarding;

/// <summary>What the gateway changes of a request: who asked, and how. The Host header stays the client's.</summary>
/// <param name="traffic">Where the answer's bytes are counted.</param>
/// <param name="entry">The line of the access log that they are also counted on, or null.</param>
internal class GatewayTransformer(ServiceTraffic traffic, AccessEntry? entry) : HttpTransformer
{
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        // Replaced, not appended to: the gateway is the first that can be trusted.
        var headers = proxyRequest.Headers;
        headers.Remove("X-Forwarded-For");
        headers.Remove("X-Forwarded-Proto");
        headers.Remove("X-Forwarded-Host");
        headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());
        headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", httpContext.Request.Host.Value);
        if (proxyRequest.Version.Major == 1)
        {
            Trailers.Prepare(httpContext, proxyRequest);
        }

        // As the client wrote it: decoded and encoded again, %2F would become %252F. What does not begin with a slash (an absolute
        // URL, the asterisk of OPTIONS) is left to the forwarder.
        if (httpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target)
        {
            proxyRequest.RequestUri = new Uri(destinationPrefix + target, Verbatim);
        }
    }

    /// <summary>Refuses an answer of which others could not tell where it ends.</summary>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null && !Framing.IsClear(proxyResponse))
        {
            throw Lines.Invalid("no one length, or another protocol that nobody asked for");
        }

        var copy = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        Annotate(httpContext.Response);
        if (!Framing.IsNextKnown(httpContext))
        {
            httpContext.Response.Headers.Connection = "close";
        }

        // Only once its headers are copied: they go with what is replaced.
        proxyResponse?.Content = new CountedContent(proxyResponse.Content, traffic, entry);
        if (copy && Trailers.MayFollow(httpContext, proxyResponse!))
        {
            // The server has no trailers in HTTP/1.1; of a body whose coding is set it passes on what it is given.
            httpContext.Response.Headers.TransferEncoding = "chunked";
            proxyResponse!.Content = new ChunkedContent(proxyResponse.Content, proxyResponse);
        }

        if (copy && httpContext.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true)
        {
            // The first event may be long in coming; that the stream is open is news.
            await httpContext.Response.Body.FlushAsync(cancellationToken);
        }

        return copy;
    }

    /// <summary>Ends the answer, when all of it has come.</summary>
    public override async ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        if (httpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
        {
            foreach (var (name, value) in Trailers.Of(proxyResponse))
            {
                // Appending would leave out what is empty.
                trailers[name] = StringValues.Concat(trailers[name], value);
            }
        }

        // An answer can be whole while its request's body is not; the client may be waiting for the end of the one to end the other.
        await httpContext.Response.CompleteAsync();
    }

    /// <summary>Adds what the gateway says of an answer.</summary>
    protected virtual void Annotate(HttpResponse response)
    {
        // Nothing of one that nobody waited for.
    }
}
