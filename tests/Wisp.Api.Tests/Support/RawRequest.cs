using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Wisp.Api.Tests.Support;

/// <summary>A request that no HTTP client would send.</summary>
internal static class RawRequest
{
    /// <summary>Sends it and reads what comes until the server hangs up.</summary>
    public static async Task<Answer> SendAsync(TestApi api, string head)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(api.Endpoint.Host, api.Endpoint.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(head), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text[..end].Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        Assert.Equal(Encoding.UTF8.GetByteCount(text[(end + 4)..]), int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture));
        using var response = new HttpResponseMessage((HttpStatusCode)int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture))
        {
            Content = new StringContent(text[(end + 4)..], MediaTypeHeaderValue.Parse(headers["Content-Type"])),
        };
        return await Answer.ReadAsync(response, TestContext.Current.CancellationToken);
    }
}
