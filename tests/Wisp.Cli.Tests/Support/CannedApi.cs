using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Wisp.Cli.Tests.Support;

/// <summary>A web server that answers calls with what it was given, in that order, and remembers what it was asked.</summary>
internal sealed class CannedApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(int Status, string Body)> _answers = new();
    private readonly ConcurrentQueue<CannedRequest> _requests = new();

    private CannedApi(WebApplication app) => _app = app;

    public IReadOnlyList<CannedRequest> Requests => [.. _requests];

    /// <summary>The environment of a command line that talks to this server.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static async Task<CannedApi> StartAsync(params IReadOnlyList<string> answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var api = new CannedApi(builder.Build());
        foreach (var answer in answers)
        {
            api._answers.Enqueue((StatusCodes.Status200OK, answer));
        }

        api._app.Run(api.AnswerAsync);
        await api._app.StartAsync();
        api.Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["WISP_ENDPOINT"] = api._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(),
            ["WISP_TOKEN"] = "secret",
        };
        return api;
    }

    /// <summary>A server with one answer that is not 200.</summary>
    public static async Task<CannedApi> RefusingAsync(int status, string body)
    {
        var api = await StartAsync();
        api._answers.Enqueue((status, body));
        return api;
    }

    /// <summary>One more answer.</summary>
    public void Answer(string body) => _answers.Enqueue((StatusCodes.Status200OK, body));

    /// <summary>Runs a command line against this server.</summary>
    public Task<CommandLineRun> RunAsync(params IReadOnlyList<string> arguments) => CommandLineRun.StartAsync(Environment, arguments);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _requests.Enqueue(new CannedRequest(
            context.Request.Method, context.Request.Path + context.Request.QueryString, await reader.ReadToEndAsync(), context.Request.Headers.Authorization.ToString()));
        var (status, body) = _answers.TryDequeue(out var answer) ? answer : (StatusCodes.Status500InternalServerError, "no answer left");
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }
}

/// <summary>A request that came.</summary>
internal sealed record CannedRequest(string Method, string Path, string Body, string Authorization);
