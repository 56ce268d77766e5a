using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Wisp.Gateway.Forwarding;

/// <summary>What the server accepts, but another that reads the same bytes may take for something else (RFC 9112 sections 6.1 and 11.2).</summary>
internal static class Framing
{
    // Where the server puts the length of a body that also has a coding.
    private const string Overruled = "X-Content-Length";

    // Those that the server itself does not refuse.
    private static readonly string[] OfConnections = ["Transfer-Encoding", "Upgrade", "Keep-Alive", "Proxy-Connection"];

    /// <summary>Why a request is refused, and with which status; or null.</summary>
    public static (int Status, string Reason)? Objection(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsConnect(request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true })
        {
            return (StatusCodes.Status405MethodNotAllowed, "CONNECT is for proxies. Ask for a path.");
        }

        // In HTTP/1.1 it stands between two spaces, which is where a guest is asked.
        if (context.Features.Get<IHttpRequestFeature>()!.RawTarget.AsSpan().ContainsAnyInRange('\0', ' '))
        {
            return (StatusCodes.Status400BadRequest, "The path has a space or a control character in it. Write it as %20.");
        }

        if (HttpProtocol.IsHttp2(request.Protocol))
        {
            return OfConnections.FirstOrDefault(request.Headers.ContainsKey) is { } name
                ? (StatusCodes.Status400BadRequest, $"HTTP/2 has no header '{name}' (RFC 9113 section 8.2.2).")
                : null;
        }

        var codings = request.Headers.TransferEncoding;
        if (codings.Count == 0)
        {
            return null;
        }

        string? reason =
            codings.Count > 1 || !string.Equals(codings[0], "chunked", StringComparison.OrdinalIgnoreCase) ? "The only transfer coding that is understood is 'chunked', said once."
            : request.Headers.ContainsKey(Overruled) ? "The request has a transfer coding and a length. Send one of them."
            : HttpProtocol.IsHttp10(request.Protocol) ? "HTTP/1.0 has no transfer codings. Send a length."
            : null;
        return reason is null ? null : (StatusCodes.Status400BadRequest, reason);
    }

    /// <summary>Whether an answer of a guest has one length, and nothing behind it that nobody asked for.</summary>
    public static bool IsClear(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            // What follows is no body, which it must not say either (RFC 9112 section 6.1).
            return answer.RequestMessage!.Headers.NonValidated.Contains("Upgrade") && !answer.Headers.NonValidated.Contains("Transfer-Encoding");
        }

        return !answer.Headers.NonValidated.TryGetValues("Transfer-Encoding", out var codings)
            || (string.Equals(codings.ToString(), "chunked", StringComparison.OrdinalIgnoreCase) && !answer.Content.Headers.NonValidated.Contains("Content-Length"));
    }

    /// <summary>
    /// Whether what follows a request on its connection is another. Not so where the client has asked before it sends its body and is refused: it may send it
    /// all the same, or not (RFC 9110 section 10.1.1).
    /// </summary>
    public static bool IsNextKnown(HttpContext context) =>
        context.Response.StatusCode < StatusCodes.Status300MultipleChoices || HttpProtocol.IsHttp2(context.Request.Protocol) || context.Request.Headers.Expect.Count == 0;
}
