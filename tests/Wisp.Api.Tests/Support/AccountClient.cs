using System.Net.Http.Headers;
using System.Text;

namespace Wisp.Api.Tests.Support;

/// <summary>A client with a token of an account.</summary>
internal sealed class AccountClient : IDisposable
{
    public AccountClient(Uri endpoint, string token, string id)
    {
        (Token, Id) = (token, id);
        Http = new HttpClient { BaseAddress = endpoint, Timeout = Timeout.InfiniteTimeSpan };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public HttpClient Http { get; }

    public string Token { get; }

    public string Id { get; }

    public async Task<Answer> SendAsync(string method, string path, string? body = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request, cancel);
        return await Answer.ReadAsync(response, cancel);
    }

    public void Dispose() => Http.Dispose();
}
