using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Wisp.Certificates.Tests.Acme;

/// <summary>An authority that gives nonces and accounts, and answers orders as it is told.</summary>
internal sealed class ScriptedAuthority : HttpMessageHandler
{
    private int _nonces;

    public static Uri Directory { get; } = new("https://ca.example/dir");

    public Queue<(HttpStatusCode Status, string Body, string? RetryAfter)> Orders { get; } = [];

    /// <summary>The nonces that orders were signed with.</summary>
    public List<string> Used { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = request.RequestUri!.AbsolutePath switch
        {
            "/dir" => Json(HttpStatusCode.OK, """{"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/account","newOrder":"https://ca.example/order","meta":{}}"""),
            "/nonce" => new HttpResponseMessage(HttpStatusCode.OK),
            "/account" => Json(HttpStatusCode.Created, "{}"),
            _ => await OrderAsync(request, cancellationToken),
        };
        if (request.RequestUri.AbsolutePath == "/account")
        {
            response.Headers.Location = new Uri("https://ca.example/account/1");
        }

        response.Headers.Add("Replay-Nonce", $"nonce-{++_nonces}");
        return response;
    }

    private async Task<HttpResponseMessage> OrderAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellation));
        using var header = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(body.RootElement.GetProperty("protected").GetString()));
        Used.Add(header.RootElement.GetProperty("nonce").GetString()!);
        Assert.Equal("https://ca.example/account/1", header.RootElement.GetProperty("kid").GetString());
        var (status, text, retryAfter) = Orders.Dequeue();
        var response = Json(status, text);
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return response;
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status)
    {
        Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue((int)status < 400 ? "application/json" : "application/problem+json")),
    };
}
