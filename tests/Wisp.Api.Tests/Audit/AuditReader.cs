using System.Globalization;
using System.Text.Json;

namespace Wisp.Api.Tests.Audit;

/// <summary>Follows the audit stream as a browser would.</summary>
internal sealed class AuditReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private AuditReader(HttpResponseMessage response, StreamReader lines) => (_response, _lines) = (response, lines);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens it; from here on nothing that happens is missed.</summary>
    public static async Task<AuditReader> OpenAsync(HttpClient client, string query, string? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/audit" + query, UriKind.Relative));
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var reader = new AuditReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancel)));
        Assert.StartsWith(": ", await reader._lines.ReadLineAsync(Cancel), StringComparison.Ordinal);
        return reader;
    }

    /// <summary>The next event; its id is 0 where it has none.</summary>
    public async Task<(string Event, long Id, JsonElement Data)> NextAsync()
    {
        var (name, id, data) = ("", 0L, default(JsonElement));
        while (await _lines.ReadLineAsync(Cancel) is { } line)
        {
            if (line.Length == 0 && name.Length > 0)
            {
                Assert.Equal(name, data.GetProperty("type").GetString());
                return (name, id, data);
            }

            switch (line.Split(": ", 2))
            {
                case ["event", var given]:
                    name = given;
                    break;
                case ["id", var number]:
                    id = long.Parse(number, CultureInfo.InvariantCulture);
                    break;
                case ["data", var json]:
                    data = JsonSerializer.Deserialize<JsonElement>(json);
                    break;
            }
        }

        throw new EndOfStreamException();
    }

    /// <summary>The next comment.</summary>
    public async Task<string> CommentAsync()
    {
        while (await _lines.ReadLineAsync(Cancel) is { } line)
        {
            if (line.StartsWith(':'))
            {
                return line;
            }
        }

        throw new EndOfStreamException();
    }

    /// <summary>Reads to the end.</summary>
    public async Task EndAsync()
    {
        while (await _lines.ReadLineAsync(Cancel) is not null)
        {
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}
