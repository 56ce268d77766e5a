using Microsoft.AspNetCore.Http;

namespace Wisp.Gateway.Forwarding;

/// <summary>Also says what a wake cost, on the answer of a request that waited for one.</summary>
internal sealed class WokenTransformer(WakeTiming timing, TimeProvider time) : GatewayTransformer
{
    private readonly long _forwarded = time.GetTimestamp();

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copy = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        httpContext.Response.Headers.Append("Server-Timing", timing.Header(time.GetElapsedTime(_forwarded)));
        return copy;
    }
}
