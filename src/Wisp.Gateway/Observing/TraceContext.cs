using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Wisp.Gateway.Observing;

/// <summary>
/// The trace that a request belongs to (W3C Trace Context). What a client says of it reaches the instance as it is; only who says nothing is given one,
/// so that what the application writes down and the access log can be put together.
/// </summary>
internal static class TraceContext
{
    /// <summary>The id of a request's trace, made where it has none; null where the client's cannot be read.</summary>
    public static string? Of(IHeaderDictionary headers)
    {
        if (headers.TraceParent.Count > 0)
        {
            return ActivityContext.TryParse(headers.TraceParent, null, out var given) ? given.TraceId.ToHexString() : null;
        }

        var made = ActivityTraceId.CreateRandom();
        // Sampled: otherwise applications that record what they are asked to would stop to.
        headers.TraceParent = $"00-{made}-{ActivitySpanId.CreateRandom()}-01";
        // It means nothing without its parent (section 3.3.1).
        headers.Remove("tracestate");
        return made.ToHexString();
    }
}
