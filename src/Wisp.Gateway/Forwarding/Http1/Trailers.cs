using System.Buffers;
using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>Fields behind a body (RFC 9110 section 6.5). They stay there: one becomes no header, and what only a header may say is not passed on.</summary>
internal static class Trailers
{
    private const string Te = "TE", Announced = "trailers";

    // What says how a message is framed, routed, cached, read or authenticated (section 6.5.1), what is for one hop, and what the gateway says of a client.
    private static readonly FrozenSet<string> OfHeadsOnly = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Transfer-Encoding", "Content-Length", "Content-Encoding", "Content-Type", "Content-Range", "Content-Location", "Trailer",
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "HTTP2-Settings", Te, "Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
        "Authorization", "Proxy-Authorization", "WWW-Authenticate", "Proxy-Authenticate", "Cookie", "Set-Cookie",
        "Cache-Control", "Expect", "Max-Forwards", "Pragma", "Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range",
        "Age", "Date", "Expires", "Location", "Retry-After", "Vary", "Warning", "Strict-Transport-Security", "Alt-Svc");

    // All but the tab (RFC 9110 section 5.5): some end a line, and a server that is careful takes none of them.
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Select(code => (char)code).Where(letter => letter != '\t')]);

    private static readonly HttpRequestOptionsKey<IHttpRequestTrailersFeature> Key = new("Wisp.Trailers");

    /// <summary>Lets a client's trailers follow its body, and the guest know whether the client takes any.</summary>
    public static void Prepare(HttpContext context, HttpRequestMessage request)
    {
        if (request.Content is not null && context.Request.ContentLength is null && context.Features.Get<IHttpRequestTrailersFeature>() is { } trailers)
        {
            request.Options.Set(Key, trailers);
        }

        if (AreTaken(context.Request))
        {
            request.Headers.Remove(Te);
            request.Headers.TryAddWithoutValidation(Te, Announced);
            // It is said to the next hop only (RFC 9110 section 10.1.4).
            request.Headers.Connection.Add(Te);
        }
    }

    /// <summary>Whether an answer to a client of HTTP/1.1 is sent in such a way that trailers can follow: the guest can send some, and says so or is asked to.</summary>
    public static bool MayFollow(HttpContext context, HttpResponseMessage answer) =>
        HttpProtocol.IsHttp11(context.Request.Protocol)
        && answer.Headers.NonValidated.Contains("Transfer-Encoding")
        && (answer.Headers.NonValidated.Contains("Trailer") || AreTaken(context.Request))
        && !HttpMethods.IsHead(context.Request.Method)
        && context.Response.StatusCode is not (StatusCodes.Status101SwitchingProtocols or StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);

    /// <summary>The end of a body in chunks, with what the client has sent behind its own. For who has read that to its end.</summary>
    public static byte[] LastChunk(HttpRequestMessage request) => LastChunk(
        request.Options.TryGetValue(Key, out var sent) && sent.Available
            ? sent.Trailers.SelectMany(field => field.Value, (field, value) => (field.Key, value ?? "")).Where(IsPassed)
            : []);

    /// <summary>The end of a body in chunks, with what the guest has sent behind its own.</summary>
    public static byte[] LastChunk(HttpResponseMessage answer) => LastChunk(Of(answer));

    /// <summary>What the guest has sent behind the body, as far as it is passed on.</summary>
    public static IEnumerable<(string Name, string Value)> Of(HttpResponseMessage answer) =>
        answer.TrailingHeaders.NonValidated.SelectMany(field => field.Value, (field, value) => (field.Key, value)).Where(IsPassed);

    private static byte[] LastChunk(IEnumerable<(string Name, string Value)> fields)
    {
        var text = new StringBuilder("0\r\n");
        foreach (var (name, value) in fields)
        {
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    private static bool AreTaken(HttpRequest request) =>
        request.Headers.TE.Count > 0
        && request.Headers.GetCommaSeparatedValues(Te).Any(coding => TransferCodingWithQualityHeaderValue.TryParse(coding, out var known) && Announced.Equals(known.Value, StringComparison.OrdinalIgnoreCase) && known.Quality is not 0);

    private static bool IsPassed((string Name, string Value) field) =>
        field.Name.Length > 0 && !field.Name.AsSpan().ContainsAnyExcept(Lines.TokenCharacters) && !OfHeadsOnly.Contains(field.Name)
        && !field.Value.AsSpan().ContainsAny(Controls);
}
