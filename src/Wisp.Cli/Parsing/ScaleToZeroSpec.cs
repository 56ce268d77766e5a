using System.Globalization;
using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>When an instance sleeps: <c>on</c>, or <c>policy=on,cooldown-time=1000,stateful=true</c>. Pure.</summary>
internal static class ScaleToZeroSpec
{
    /// <summary>Of an instance with ports of its own when nothing is said: what comes in can wake it, so that it need not stay awake.</summary>
    public static JsonObject OfPublished() => new() { ["policy"] = "on", ["stateful"] = true, ["cooldown_time_ms"] = 1000 };

    /// <summary>Reads it into what the API takes; whether the values are good ones is the API's to judge. Who says how it sleeps wants it to.</summary>
    public static Result<JsonObject> Parse(string text) => Read(new JsonObject { ["policy"] = "on" }, text);

    /// <summary>Reads what is to be another than it was.</summary>
    public static Result<JsonObject> ParseChange(string text) => Read([], text);

    private static Result<JsonObject> Read(JsonObject settings, string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (ReadPart(settings, part) is { } error)
            {
                return error;
            }
        }

        return settings;
    }

    private static WispError? ReadPart(JsonObject settings, string part)
    {
        switch (part.Split('=', 2))
        {
            case ["on" or "off" or "idle"]:
                settings["policy"] = part;
                return null;
            case ["policy", var policy]:
                settings["policy"] = policy;
                return null;
            case ["stateful", "true" or "false"]:
                settings["stateful"] = part.EndsWith("true", StringComparison.Ordinal);
                return null;
            case [("cooldown-time" or "notify-time") and var name, var time] when Milliseconds(time) is { } milliseconds:
                settings[name.Replace('-', '_') + "_ms"] = milliseconds;
                return null;
            default:
                return new WispError(
                    ErrorCode.InvalidValue, $"'{part}' does not say when to sleep.", "Write on, off, idle, or policy=on,cooldown-time=1000,stateful=true.");
        }
    }

    // A bare number is milliseconds here, as on the wire.
    private static long? Milliseconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : Duration.Parse(text).Failed(out _, out var time) ? null : (long)time.TotalMilliseconds;
}
