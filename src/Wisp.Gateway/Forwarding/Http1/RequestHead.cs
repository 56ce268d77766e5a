using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>The request line and the headers. What says where the message ends is written here and comes from nowhere else.</summary>
internal static class RequestHead
{
    private static readonly FrozenSet<string> NotCopied = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "Transfer-Encoding", "Content-Length");

    private static readonly SearchValues<char> LineBreakers = SearchValues.Create("\r\n\0");
    private static readonly SearchValues<char> TargetBreakers = SearchValues.Create("\r\n\0 \t");

    public static byte[] Write(HttpRequestMessage request, HttpContent body)
    {
        var head = new StringBuilder();
        var uri = request.RequestUri!;
        head.Append(request.Method.Method).Append(' ').Append(Checked(uri.PathAndQuery, TargetBreakers)).Append(" HTTP/1.1\r\n");
        Append(head, "Host", request.Headers.Host ?? uri.Authority);
        Append(head, request.Headers);
        Append(head, body.Headers);
        if (body.Headers.ContentLength is { } length)
        {
            Append(head, "Content-Length", length.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            Append(head, "Transfer-Encoding", "chunked");
        }

        Append(head, "Connection", request.Headers.NonValidated.Contains("TE") ? "close, TE" : "close");
        // As the server decoded them.
        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    private static void Append(StringBuilder head, HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated)
        {
            if (NotCopied.Contains(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                Append(head, name, value);
            }
        }
    }

    private static void Append(StringBuilder head, string name, string value) =>
        head.Append(name).Append(": ").Append(Checked(value, LineBreakers)).Append("\r\n");

    private static string Checked(string text, SearchValues<char> breakers) => text.AsSpan().ContainsAny(breakers)
        ? throw new HttpRequestException("A line of the request's head would not be one line.")
        : text;
}
