using System.CommandLine;
using System.Text.Json;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;
using Wisp.Contracts;

namespace Wisp.Cli.Commands;

/// <summary><c>wisp api</c>: a call as it is.</summary>
internal static class ApiCommand
{
    public static Verb Create(Shell shell)
    {
        var path = new Argument<string>("path") { Description = "Path of the API, or a URL; a path that does not begin with / is under /v1." };
        var data = new Argument<string[]>("data")
        {
            Description = "Members of the body: key=text, key:=json, a[b]=…, a[]=…, [0][key]=…; a value or body @file is read from a file, @- from standard input.", Arity = ArgumentArity.ZeroOrMore,
        };
        var method = new Option<string>("-X", "--method") { Description = "HTTP method; GET, or POST when there is data.", HelpName = "METHOD" };
        var headers = new Option<string[]>("-H", "--header") { Description = "A header.", HelpName = "NAME:VALUE", DefaultValueFactory = _ => [] };
        var insecure = new Option<bool>("-k", "--insecure") { Description = "Accept any certificate." };
        return new Verb(
            "api", "Call the API and print the answer as it came.",
            "wisp api instances",
            "wisp api /v1/healthz",
            "wisp api instances image=hello memory_mb:=256 autostart:=true env[STAGE]=live tags[]=a tags[]=b",
            "wisp api -X PUT instances/stop [0][name]=hello [0][force]:=true",
            "wisp api -X PATCH instances @changes.json",
            "wisp api instances/metrics -H 'Accept: application/json' --metro fra")
        {
            path, data, method, headers, insecure,
        }.Runs(shell, call => CallAsync(call, call.Get(path), call.Get(data), call.Get(method), call.Get(headers) ?? [], call.Get(insecure)));
    }

    private static async Task<Result<int>> CallAsync(Invocation call, string path, IReadOnlyList<string> data, string? method, string[] headers, bool insecure)
    {
        if (RequestData.Parse(data, call.Shell.Input).Failed(out var error, out var body)
            || headers.FirstOrDefault(header => !header.Contains(':')) is { } headless && (error = new WispError(
                ErrorCode.InvalidValue, $"'{headless}' is not a header.", "Write -H 'Name: value'.")) is not null
            || (await call.ConnectAsync()).Failed(out error, out var chosen))
        {
            return error;
        }

        // The token goes to the server that it is for, and to nobody else.
        var elsewhere = Uri.TryCreate(path, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        var server = !elsewhere ? chosen.Server
            : url!.GetLeftPart(UriPartial.Authority) == chosen.Server.Endpoint.GetLeftPart(UriPartial.Authority) ? chosen.Server
            : chosen.Server with { Endpoint = url, Token = "" };
        using var client = new ApiClient(server with { Insecure = server.Insecure || insecure }, call.Shell);
        if ((await client.SendAsync(
            new HttpMethod(method?.ToUpperInvariant() ?? (body is null ? "GET" : "POST")),
            elsewhere || path.StartsWith('/') ? path : "/v1/" + path, body, call.Cancellation,
            headers.Select(header => header.Split(':', 2, StringSplitOptions.TrimEntries)).Select(parts => (parts[0], parts[1])))).Failed(out error, out var answer))
        {
            return error;
        }

        call.Print.Raw(answer.Body);
        return Judge(client, answer);
    }

    private static int Judge(ApiClient client, RawAnswer answer)
    {
        if (!answer.Ok)
        {
            return ExitCode.Of(client.Refused(answer.Status, null).Code);
        }

        try
        {
            // Items of every kind say alike what became of them, so any list will do.
            using var document = JsonDocument.Parse(answer.Body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("status", out var status) || status.ValueEquals(ResponseStatus.Success))
            {
                return ExitCode.Ok;
            }

            return status.ValueEquals(ResponseStatus.Error) && root.TryGetProperty("data", out var data)
                ? ExitCode.Of(data.EnumerateObject().First().Value.EnumerateArray().Select(item => (ErrorCode)(item.TryGetProperty("error", out var code) ? code.GetInt32() : 0)))
                : ExitCode.Failed;
        }
        catch (JsonException)
        {
            return ExitCode.Ok;
        }
    }
}
