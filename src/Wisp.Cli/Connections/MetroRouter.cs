using System.Text.Json.Nodes;
using Wisp.Cli.Logging;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Connections;

/// <summary>
/// Sends a call to the metros that it is about. <c>metro/name</c> is in that metro; a name alone is looked for in all of them; a list
/// is everybody's; what is new is made in the default metro.
/// </summary>
internal sealed class MetroRouter : IDisposable
{
    private readonly IReadOnlyList<ApiClient> _metros;
    private readonly ApiClient _default;

    private MetroRouter(IReadOnlyList<ApiClient> metros, ApiClient @default) => (_metros, _default) = (metros, @default);

    /// <summary>The clients of all metros.</summary>
    public IReadOnlyList<ApiClient> Metros => _metros;

    /// <summary>The client of the metro for what is new.</summary>
    public ApiClient Default => _default;

    /// <summary>Connects to what was found.</summary>
    /// <param name="located">What was found.</param>
    /// <param name="metro">The metro that the command line names; then there is no other.</param>
    /// <param name="shell">Where it was typed.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Result<MetroRouter>> ConnectAsync(Located located, string? metro, Shell shell, CancellationToken cancellation)
    {
        var servers = located.Servers;
        if (located.AskForMetros && (await MetrosOf.ControlPlaneAsync(servers[0], shell, cancellation)).Failed(out var error, out servers))
        {
            return error;
        }

        var wanted = metro ?? (servers.Any(server => server.Metro == located.Default) ? located.Default : servers[0].Metro);
        if (servers.FirstOrDefault(server => server.Metro == wanted) is not { } chosen)
        {
            return new WispError(
                ErrorCode.NotFound, $"There is no metro '{wanted}' here.",
                servers[0].Metro is null ? "Only profiles have metros; leave --metro out." : $"Metros are {string.Join(", ", servers.Select(server => server.Metro))}.");
        }

        var because = metro is not null ? "--metro names it" : servers.Count == 1 ? "there is no other" : wanted == located.Default ? "it is the profile's default" : "it is the first";
        shell.Log.Write(
            LogLevel.Info, $"What is new goes to {(wanted is null ? "" : $"metro '{wanted}' at ")}{chosen.Address}, because {because}.",
            ("metro", wanted), ("server", chosen.Address), ("reason", because), ("insecure", chosen.Insecure));
        ApiClient[] clients = [.. (metro is null ? servers : [chosen]).Select(server => new ApiClient(server, shell))];
        return new MetroRouter(clients, clients.First(client => client.Server == chosen));
    }

    /// <summary>Calls whom it concerns, and puts the answers together.</summary>
    public async Task<Result<Listing>> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        if (body is JsonArray references && references.All(reference => reference is JsonObject))
        {
            return await AskAboutAsync(method, path, [.. references.Cast<JsonObject>()], cancellation);
        }

        if (body is JsonObject single)
        {
            // Its own metro when it begins from something that has one: metro/checkpoint.
            var parts = (JsonObject[])[single, .. ((string[])["from", "template", "checkpoint", "branch_from"]).Select(member => single[member]).OfType<JsonObject>()];
            var found = parts.Select(Take).FirstOrDefault(client => client is not null);
            return await (found ?? _default).ListAsync(method, path, single, cancellation);
        }

        return method == HttpMethod.Get || _metros.Count == 1
            ? Merge(await Task.WhenAll(_metros.Select(metro => metro.ListAsync(method, path, body, cancellation))))
            : await _default.ListAsync(method, path, body, cancellation);
    }

    /// <summary>Finds where one resource is, and what it is called there.</summary>
    public async Task<(ApiClient Client, JsonObject Reference)> FindAsync(string path, string name, CancellationToken cancellation)
    {
        var reference = Reference.ToJson(name);
        var client = Take(reference) ?? (_metros.Count == 1 ? _default : await LocateAsync(path, reference, cancellation));
        return (client, reference);
    }

    public void Dispose()
    {
        foreach (var metro in _metros)
        {
            metro.Dispose();
        }
    }

    private async Task<Result<Listing>> AskAboutAsync(HttpMethod method, string path, JsonObject[] references, CancellationToken cancellation)
    {
        var calls = new Dictionary<ApiClient, List<JsonObject>>();
        foreach (var reference in references)
        {
            var client = Take(reference)
                ?? (_metros.Count == 1 || method == HttpMethod.Post && reference["uuid"] is null && reference["name"] is null ? _default : await LocateAsync(Collection(path), reference, cancellation));
            if (!calls.TryGetValue(client, out var list))
            {
                calls[client] = list = [];
            }

            list.Add(reference);
        }

        return Merge(
            await Task.WhenAll(calls.Select(call => call.Key.ListAsync(method, path, new JsonArray([.. call.Value.Select(reference => reference.DeepClone())]), cancellation))));
    }

    // Wherever somebody has it; nowhere is the default metro, which says so.
    private async Task<ApiClient> LocateAsync(string path, JsonObject reference, CancellationToken cancellation)
    {
        var only = new JsonArray(new JsonObject(reference.Where(member => member.Key is "name" or "uuid").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))));
        var answers = await Task.WhenAll(_metros.Select(async metro => (metro, answer: await metro.ListAsync(HttpMethod.Get, path, only.DeepClone(), cancellation))));
        return answers.FirstOrDefault(pair => !pair.answer.Failed(out _, out var listing) && listing.Items.Count > 0).metro ?? _default;
    }

    // Takes metro/ off a name and gives that metro's client.
    private ApiClient? Take(JsonObject reference)
    {
        if (Listing.Text(reference, "name") is not { } name || name.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var slash)
            || _metros.FirstOrDefault(metro => metro.Server.Metro == name[..slash]) is not { } found)
        {
            return null;
        }

        var rest = Reference.ToJson(name[(slash + 1)..]);
        reference.Remove("name");
        foreach (var (member, value) in rest.Reverse())
        {
            reference.Insert(0, member, value?.DeepClone());
        }

        return found;
    }

    // Where the things are that a verb of theirs is about: /v1/instances/stop is about /v1/instances.
    private static string Collection(string path)
    {
        string[] collections = ["templates", "checkpoints"];
        var parts = path.Split('?')[0].Trim('/').Split('/');
        return "/" + string.Join('/', parts.Take(parts.Length > 2 && collections.Contains(parts[2], StringComparer.Ordinal) ? 3 : 2));
    }

    private static Result<Listing> Merge(Result<Listing>[] answers)
    {
        if (answers is [var only])
        {
            return only;
        }

        var listings = new List<Listing>();
        foreach (var answer in answers)
        {
            if (answer.Failed(out var error, out var listing))
            {
                return error;
            }

            listings.Add(listing);
        }

        return Listing.Together(listings);
    }
}
