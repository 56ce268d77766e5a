using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Services;

/// <summary>Where an instance answers.</summary>
internal static class ServiceUrls
{
    /// <summary>Puts its URLs into an instance; none when it has none, or they cannot be told.</summary>
    public static async Task AddToAsync(Invocation call, JsonObject instance)
    {
        if (instance["service_group"] is not JsonObject group || Listing.Text(group, "uuid") is not { } uuid)
        {
            return;
        }

        var name = Listing.Text(instance, "metro") is { } metro ? $"{metro}/{uuid}" : uuid;
        if (!(await call.AskAsync(HttpMethod.Get, Resources.Services.Path, Reference.ToJson([name]))).Failed(out _, out var answer) && answer.Items is [var found, ..])
        {
            instance[Resources.Instances.Urls] = new JsonArray([.. Resources.Services.Urls(found).Select(url => (JsonNode)url)]);
        }
    }
}
