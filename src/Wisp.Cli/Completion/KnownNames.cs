using System.CommandLine.Completions;
using System.Net.Http.Headers;
using System.Text.Json;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Contracts;

namespace Wisp.Cli.Completion;

/// <summary>Names of resources, for completion: at once or not at all, and never an error into somebody's prompt.</summary>
internal static class KnownNames
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks the server.</summary>
    public static IEnumerable<CompletionItem> Find<TData, TItem>(Shell shell, CompletionContext context, WireList<TData, TItem> list, string path)
        where TData : class where TItem : Item
    {
        // Help, too, asks what may come, and wants no answer from a server.
        if (context is not TextCompletionContext || Invocation.Locate(context.ParseResult, shell).Failed(out _, out var server))
        {
            return [];
        }

        try
        {
            // The library asks for completions synchronously.
            using var http = new HttpClient { BaseAddress = server.Endpoint, Timeout = Patience };
            using var request = new HttpRequestMessage(HttpMethod.Get, path + "?details=false");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
            using var response = http.Send(request);
            using var body = response.Content.ReadAsStream();
            return JsonSerializer.Deserialize(body, list.Type) is { } envelope
                ? [.. list.ItemsOf(envelope).Where(item => item.Name is not null).Select(item => new CompletionItem(item.Name!))]
                : [];
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            return [];
        }
    }
}
