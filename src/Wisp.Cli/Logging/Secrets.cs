using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wisp.Cli.Output;

namespace Wisp.Cli.Logging;

/// <summary>Makes of a body what may be shown. Pure.</summary>
internal static class Secrets
{
    private const string Hidden = "(left out)";

    private static readonly string[] Names = ["token", "pkey", "authorization", "password", "secret"];

    /// <summary>A body without its secrets; of one that is no JSON, how long it is.</summary>
    public static string Without(byte[] body)
    {
        try
        {
            var root = JsonNode.Parse(body);
            Hide(root);
            return root?.ToJsonString(Json.Relaxed) ?? "null";
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return $"({body.Length} bytes that are no JSON)";
        }
    }

    /// <summary>A URL without what may be secret in it.</summary>
    public static string Without(Uri url)
    {
        var text = new StringBuilder(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
        foreach (var (index, pair) in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            var name = pair.Split('=')[0];
            text.Append(index == 0 ? '?' : '&').Append(IsSecret(Uri.UnescapeDataString(name)) ? $"{name}={Hidden}" : pair);
        }

        return text.ToString();
    }

    private static void Hide(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map.ToArray())
                {
                    if (IsSecret(name))
                    {
                        map[name] = Hidden;
                    }
                    else
                    {
                        Hide(value);
                    }
                }

                break;
            case JsonArray list:
                foreach (var element in list)
                {
                    Hide(element);
                }

                break;
        }
    }

    private static bool IsSecret(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
