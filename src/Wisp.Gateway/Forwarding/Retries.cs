using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Wisp.Gateway.Forwarding;

/// <summary>Whether a request that failed may be given to another instance (RFC 9110 section 9.2.2).</summary>
internal static class Retries
{
    /// <summary>True when no connection came about: then nothing of the request was sent, and nothing of its body was read.</summary>
    public static bool IsUnsent(Exception? cause) => cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    /// <summary>True when a request with this method does no more when it comes twice.</summary>
    public static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)
        || HttpMethods.IsTrace(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);

    /// <summary>Takes back what there is of an answer that failed, so that the next attempt begins as the first, and a page is ours alone.</summary>
    public static void Begin(HttpContext context)
    {
        context.Response.Clear();
        context.Features.Set<IForwarderErrorFeature>(null);
    }
}
