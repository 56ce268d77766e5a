using System.CommandLine.Completions;
using System.Net.Http.Headers;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;

namespace Wisp.Cli.Completion;

/// <summary>Names of resources, for completion: at once or not at all, and never an error into somebody's prompt.</summary>
internal static class KnownNames
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks the server.</summary>
    public static IEnumerable<CompletionItem> Find(Shell shell, CompletionContext context, string path)
    {
        // Help, too, asks what may come, and wants no answer from a server.
        if (context is not TextCompletionContext || Invocation.Locate(context.ParseResult, shell).Failed(out _, out var located) || located.AskForMetros)
        {
            return [];
        }

        return [.. located.Servers.SelectMany(server => Names(server, path)).Select(name => new CompletionItem(name))];
    }

    private static IEnumerable<string> Names(Server server, string path)
    {
        try
        {
            // The library asks for completions synchronously.
            using var http = new HttpClient(ApiClient.Handler(server)) { BaseAddress = server.Endpoint, Timeout = Patience };
            using var request = new HttpRequestMessage(HttpMethod.Get, path + "?details=false");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
            using var response = http.Send(request);
            using var body = new MemoryStream();
            response.Content.ReadAsStream().CopyTo(body);
            return [.. (Listing.Read(body.ToArray())?.Items ?? []).Select(item => Listing.Text(item, "name")).OfType<string>()];
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return [];
        }
    }
}
