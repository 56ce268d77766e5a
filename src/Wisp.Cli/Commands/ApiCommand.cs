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
        var path = new Argument<string>("path") { Description = "Path of the API; one that does not begin with / is under /v1." };
        var data = new Argument<string[]>("data") { Description = "Members of the body: key=text, or key:=json for anything else.", Arity = ArgumentArity.ZeroOrMore };
        var method = new Option<string>("-X", "--method") { Description = "HTTP method; GET, or POST when there is data.", HelpName = "METHOD" };
        return new Verb(
            "api", "Call the API and print the answer as it came.",
            "wisp api instances",
            "wisp api /v1/healthz",
            "wisp api instances image=hello memory_mb:=256 autostart:=true",
            "wisp api -X PUT instances/stop name=hello force:=true")
        {
            path, data, method,
        }.Runs(shell, call => CallAsync(call, call.Get(path), call.Get(data), call.Get(method)));
    }

    private static async Task<Result<int>> CallAsync(Invocation call, string path, IReadOnlyList<string> data, string? method)
    {
        if (RequestData.Parse(data).Failed(out var error, out var body)
            || call.Connect().Failed(out error, out var client)
            || (await client.SendAsync(
                new HttpMethod(method?.ToUpperInvariant() ?? (body is null ? "GET" : "POST")),
                path.StartsWith('/') ? path : "/v1/" + path, body, call.Cancellation)).Failed(out error, out var answer))
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
