using System.Net;
using System.Text.Json.Nodes;

namespace Wisp.Cli.Logging;

/// <summary>Notes each call of the API. Headers are never noted: the token is one.</summary>
/// <param name="log">Where to.</param>
/// <param name="time">The clock.</param>
/// <param name="inner">What makes the call.</param>
internal sealed class CallLog(Log log, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (method, url) = (request.Method.Method, Secrets.Without(request.RequestUri!));
        if (request.Content is { } sent)
        {
            await NoteAsync("request", sent, cancellationToken);
        }

        var begun = time.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            // With the body, which is what takes long.
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
            {
                await response.Content.LoadIntoBufferAsync(cancellationToken);
            }

            var (status, took) = ((int)response.StatusCode, Took(begun));
            log.Write(LogLevel.Debug, $"{method} {url} {status} in {took} ms", ("method", method), ("url", url), ("status", status), ("duration_ms", took));
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
            {
                await NoteAsync("answer", response.Content, cancellationToken);
            }

            return response;
        }
        catch (HttpRequestException exception)
        {
            var took = Took(begun);
            log.Write(
                LogLevel.Debug, $"{method} {url} failed in {took} ms: {exception.Message}",
                ("method", method), ("url", url), ("problem", exception.Message), ("duration_ms", took));
            throw;
        }
    }

    private long Took(long begun) => (long)time.GetElapsedTime(begun).TotalMilliseconds;

    private async Task NoteAsync(string what, HttpContent content, CancellationToken cancellation)
    {
        if (log.Has(LogLevel.Trace) && await content.ReadAsByteArrayAsync(cancellation) is { Length: > 0 } body)
        {
            var text = Secrets.Without(body);
            log.Write(LogLevel.Trace, $"{what} {text}", ("body", (JsonNode)text));
        }
    }
}
