using System.Text.Json;
using System.Text.Json.Nodes;
using Wisp.Contracts;

namespace Wisp.Cli.Connections;

/// <summary>An answer with a list of items of any kind, with every member that the server gave them.</summary>
/// <param name="Body">The answer as it came.</param>
/// <param name="Items">Items that went well.</param>
/// <param name="Failures">What became of the others.</param>
internal sealed record Listing(byte[] Body, IReadOnlyList<JsonObject> Items, IReadOnlyList<WispError> Failures)
{
    /// <summary>The exit code that goes with it.</summary>
    public int Code => Failures.Count == 0 ? ExitCode.Ok
        : Items.Count > 0 ? ExitCode.Failed
        : ExitCode.Of(Failures.Select(failure => failure.Code));

    /// <summary>Reads the body of an answer; null where it has no list.</summary>
    public static Listing? Read(byte[] body)
    {
        JsonObject[] all;
        try
        {
            if (JsonNode.Parse(body) is not JsonObject root || root["status"] is not JsonValue)
            {
                return null;
            }

            // One list is all that an answer has; what else there is (figures of a node) is no list.
            all = [.. ((root["data"] as JsonObject)?.Select(member => member.Value).OfType<JsonArray>().FirstOrDefault() ?? []).OfType<JsonObject>()];
            if (all.Length == 0 && Text(root, "status") == ResponseStatus.Error)
            {
                return null;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return new Listing(
            body,
            [.. all.Where(item => Text(item, "status") != ResponseStatus.Error)],
            [.. all.Where(item => Text(item, "status") == ResponseStatus.Error).Select(Explain)]);
    }

    /// <summary>The answers of several metros as one.</summary>
    public static Listing Together(IReadOnlyList<Listing> listings)
    {
        // A document of ours, because there is none that came: the bodies, one below the other, are no JSON.
        var bodies = new JsonArray([.. listings.Select(listing => JsonNode.Parse(listing.Body))]);
        return new Listing(
            System.Text.Encoding.UTF8.GetBytes(bodies.ToJsonString(Output.Json.Relaxed)), [.. listings.SelectMany(listing => listing.Items)], [.. listings.SelectMany(listing => listing.Failures)]);
    }

    /// <summary>The same answer, in which each item says in which metro it is.</summary>
    public Listing In(string? metro)
    {
        if (metro is not null)
        {
            foreach (var item in Items)
            {
                item["metro"] = metro;
            }
        }

        return this;
    }

    /// <summary>What an answer says of the request as a whole.</summary>
    public static string? MessageOf(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject root ? Text(root, "message") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member that is text.</summary>
    public static string? Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    // The server's words end with what to do next already.
    private static WispError Explain(JsonObject item)
    {
        var code = item["error"] is JsonValue value && value.TryGetValue<int>(out var given) ? given : 0;
        return new WispError(
            (ErrorCode)code, Text(item, "message") ?? $"The server gave up on '{Text(item, "name") ?? Text(item, "uuid")}' without a reason (code {code}).");
    }
}
