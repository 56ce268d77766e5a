namespace Wisp.Gateway.Forwarding;

/// <summary>
/// Sends each piece of a request's body as soon as it has come. HttpClient otherwise gathers small pieces in a buffer, and an
/// application that answers while it is being talked to would wait for what the client has long since sent.
/// </summary>
internal sealed class StreamingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            request.Content = new StreamingContent(content);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
