using System.Text.Json;
using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>A plugin: <c>name=N,image=REF[,config=JSON]</c>; <c>rom=</c> is the older word for <c>image=</c>. Pure.</summary>
internal static class PluginSpec
{
    /// <summary>Reads it into what the API takes.</summary>
    public static Result<JsonObject> Parse(string text)
    {
        if (Pairs.Parse(text, "name", "rom", "image", "config").Failed(out var error, out var pairs))
        {
            return error;
        }

        if (!pairs.TryGetValue("name", out var name))
        {
            return new WispError(ErrorCode.InvalidValue, $"'{text}' is no plugin.", "Write name=N,image=REF, and config=JSON where it has one.");
        }

        var plugin = new JsonObject { ["name"] = name };
        foreach (var key in (string[])["rom", "image"])
        {
            if (pairs.TryGetValue(key, out var reference))
            {
                plugin[key] = reference;
            }
        }

        try
        {
            if (pairs.TryGetValue("config", out var config))
            {
                plugin["config"] = JsonNode.Parse(config);
            }

            return plugin;
        }
        catch (JsonException)
        {
            return new WispError(ErrorCode.InvalidValue, $"The config of plugin '{name}' is not JSON.", "Mend it.");
        }
    }
}
