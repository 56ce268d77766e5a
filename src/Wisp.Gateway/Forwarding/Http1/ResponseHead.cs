using System.Globalization;
using System.IO.Pipelines;
using System.Net;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>Reads the status line and headers (RFC 9112 sections 4 and 5), strictly.</summary>
internal static class ResponseHead
{
    private const int LongestHead = 32 * 1024;

    public static async ValueTask<HttpResponseMessage> ReadAsync(PipeReader input, CancellationToken cancellation)
    {
        var line = await input.ReadLineAsync(LongestHead, cancellation);
        var response = StatusLine(line);
        await ReadFieldsAsync(
            input,
            LongestHead - line.Length,
            (name, value) => _ = response.Headers.TryAddWithoutValidation(name, value) || response.Content.Headers.TryAddWithoutValidation(name, value),
            cancellation);
        return response;
    }

    /// <summary>Reads headers or trailers, to the empty line behind them.</summary>
    public static async ValueTask ReadTrailersAsync(PipeReader input, HttpResponseMessage response, CancellationToken cancellation) =>
        await ReadFieldsAsync(input, LongestHead, (name, value) => response.TrailingHeaders.TryAddWithoutValidation(name, value), cancellation);

    private static async ValueTask ReadFieldsAsync(PipeReader input, int limit, Action<string, string> add, CancellationToken cancellation)
    {
        while (await input.ReadLineAsync(limit, cancellation) is { Length: > 0 } line)
        {
            limit -= line.Length;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line.AsSpan(colon + 1).Trim(" \t");
            // A name with a space is also how a folded line would begin, or one that hides from the next reader.
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAnyExcept(Lines.TokenCharacters) || value.ContainsAny('\r', '\0'))
            {
                throw Lines.Invalid("a header that is none");
            }

            add(line[..colon], value.ToString());
        }
    }

    private static HttpResponseMessage StatusLine(string line)
    {
        if (line is not ['H', 'T', 'T', 'P', '/', '1', '.', '0' or '1', ' ', >= '1' and <= '9', >= '0' and <= '9', >= '0' and <= '9', .. var rest]
            || rest is not ("" or [' ', ..]) || rest.AsSpan().ContainsAny('\r', '\0'))
        {
            throw Lines.Invalid("no status line");
        }

        return new HttpResponseMessage((HttpStatusCode)int.Parse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture))
        {
            Version = line[7] == '0' ? HttpVersion.Version10 : HttpVersion.Version11,
            ReasonPhrase = rest.Trim(),
        };
    }
}
