using Microsoft.AspNetCore.Http;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding;

/// <summary>Also says what a wake cost, on the answer of a request that waited for one.</summary>
internal sealed class WokenTransformer(WakeTiming timing, TimeProvider time, ServiceTraffic traffic, AccessEntry? entry) : GatewayTransformer(traffic, entry)
{
    private readonly long _forwarded = time.GetTimestamp();

    protected override void Annotate(HttpResponse response) => response.Headers.Append("Server-Timing", timing.Header(time.GetElapsedTime(_forwarded)));
}
