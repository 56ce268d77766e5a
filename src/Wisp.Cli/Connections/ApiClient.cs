using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wisp.Cli.Logging;
using Wisp.Contracts;

namespace Wisp.Cli.Connections;

/// <summary>Calls the API; everything that can go wrong with a call becomes an error here.</summary>
internal sealed class ApiClient : IDisposable
{
    // Metrics are text for those who do not ask for it.
    private static readonly (string, string)[] AsJson = [("Accept", "application/json")];

    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(1);

    private readonly Server _server;
    private readonly HttpClient _http;

    public ApiClient(Server server, Shell shell)
    {
        _server = server;
        // Waiting calls take as long as they take; who calls brings the deadline.
        _http = new HttpClient(shell.Log.Has(LogLevel.Debug) ? new CallLog(shell.Log, shell.Time, Handler(server)) : Handler(server)) { BaseAddress = server.Endpoint, Timeout = Timeout.InfiniteTimeSpan };
        if (server.Token.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        }

        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("wisp", ProgramVersion.Text));
    }

    /// <summary>Whom it calls.</summary>
    public Server Server => _server;

    /// <summary>Calls and reads the list in the answer.</summary>
    public async Task<Result<Answer<TItem>>> AskAsync<TData, TItem>(
        WireList<TData, TItem> list, HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
        where TData : class where TItem : Item
    {
        if ((await SendAsync(method, path, body, cancellation)).Failed(out var error, out var raw))
        {
            return error;
        }

        try
        {
            var envelope = JsonSerializer.Deserialize(raw.Body, list.Type)!;
            var items = list.ItemsOf(envelope);
            return raw.Ok && (items.Count > 0 || envelope.Status != ResponseStatus.Error)
                ? new Answer<TItem>(raw.Body, items)
                : Refused(raw.Status, envelope.Message);
        }
        catch (JsonException)
        {
            return Refused(raw.Status, null);
        }
    }

    /// <summary>Calls and reads the list in the answer, with every member that its items have.</summary>
    public async Task<Result<Listing>> ListAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation) =>
        (await SendAsync(method, path, body, cancellation, AsJson)).Failed(out var error, out var raw) ? error
        : raw.Ok && Listing.Read(raw.Body) is { } listing ? listing.In(_server.Metro)
        : Refused(raw.Status, Listing.MessageOf(raw.Body));

    /// <summary>Calls, whatever the answer.</summary>
    public async Task<Result<RawAnswer>> SendAsync(
        HttpMethod method, string path, JsonNode? body, CancellationToken cancellation, IEnumerable<(string Name, string Value)>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            return new RawAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (HttpRequestException exception)
        {
            return Silent(exception);
        }
    }

    /// <summary>Opens a WebSocket.</summary>
    public async Task<Result<WebSocket>> OpenAsync(string path, CancellationToken cancellation)
    {
        // Not by the library's client, which keeps to itself why a server refused.
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Headers = { { "Connection", "Upgrade" }, { "Upgrade", "websocket" }, { "Sec-WebSocket-Version", "13" }, { "Sec-WebSocket-Key", Convert.ToBase64String(Guid.NewGuid().ToByteArray()) } },
        };
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                return WebSocket.CreateFromStream(await response.Content.ReadAsStreamAsync(cancellation), new WebSocketCreationOptions { KeepAliveInterval = KeepAlive });
            }

            using (response)
            {
                var body = await response.Content.ReadAsByteArrayAsync(cancellation);
                return Listing.Read(body) is { Failures: [var failure, ..] } ? failure : Refused((int)response.StatusCode, Listing.MessageOf(body));
            }
        }
        catch (HttpRequestException exception)
        {
            return Silent(exception);
        }
    }

    // A record that outlived its daemon (kill -9) is as good as none.
    private WispError Silent(HttpRequestException exception) => _server.DataDirectory is { } directory && exception.HttpRequestError == HttpRequestError.ConnectionError
        ? Server.NotRunning(directory)
        : new WispError(ErrorCode.OperationFailed, $"Cannot talk to {_server.Address}: {exception.Message}", "See that the server runs: wisp status", "not-running");

    /// <summary>What speaks HTTP with a server.</summary>
    public static HttpClientHandler Handler(Server server)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        if (server.Insecure)
        {
#pragma warning disable MA0039 // Who says -k, or keeps a server as insecure, asks for exactly this.
            handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
#pragma warning restore MA0039
        }

        return handler;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The error of a request that failed as a whole.</summary>
    public WispError Refused(int status, string? message) => (HttpStatusCode)status switch
    {
        // The server's words say which role is missing, and how to come by it.
        HttpStatusCode.Forbidden when message is not null => new WispError(ErrorCode.NotAllowed, message, Help: "token"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new WispError(
            ErrorCode.NotAllowed, $"{_server.Address} refuses the token.", $"Use the one in the file that 'wisp status' names ({ServerLocator.TokenVariable} outweighs it).", "token"),
        HttpStatusCode.NotFound => new WispError(ErrorCode.NoSuchEndpoint, message ?? $"{_server.Address} does not know this call.", "See that it is a Wisp server of this version."),
        _ when message?.Contains("not supported", StringComparison.Ordinal) == true => new WispError(ErrorCode.NotSupported, message, "See in docs/compatibility.md what works by now."),
        _ => new WispError(ErrorCode.OperationFailed, message ?? $"{_server.Address} answers HTTP {status} and no reason."),
    };
}
