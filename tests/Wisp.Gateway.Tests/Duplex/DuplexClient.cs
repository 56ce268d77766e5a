using Wisp.Gateway.Forwarding.Http1;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests.Duplex;

/// <summary>A client that reads the answer while it still sends, which HttpClient does not over HTTP/1.1.</summary>
internal static class DuplexClient
{
    /// <summary>What goes wrong here goes wrong by waiting for ever; milliseconds after which a test is over.</summary>
    public const int Hang = 120_000;

    private static readonly HttpMessageInvoker Client = new(new DuplexHandler(new SocketsHttpHandler { UseProxy = false }));

    // The request is not disposed of: that would take away the body, which may outlast this call.
    public static Task<HttpResponseMessage> PostAsync(TestGateway gateway, HttpContent body) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, "/echo?x=1")) { Content = body }, TestContext.Current.CancellationToken);
}
