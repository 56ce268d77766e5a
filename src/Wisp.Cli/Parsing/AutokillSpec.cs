using System.Globalization;
using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>When something is deleted by itself: <c>1h</c>, <c>time=1h</c> or <c>off</c>. Pure.</summary>
internal static class AutokillSpec
{
    /// <summary>Reads it into what the API takes; whether the values are good ones is the API's to judge.</summary>
    public static Result<JsonObject> Parse(string text)
    {
        var settings = new JsonObject();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            switch (part.Split('=', 2))
            {
                case ["off"]:
                    settings["time_ms"] = 0;
                    break;
                case ["num-requests", var count] when long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var requests):
                    settings["num_requests"] = requests;
                    break;
                case [var only] when !Duration.Parse(only).Failed(out _, out var time):
                    settings["time_ms"] = (long)time.TotalMilliseconds;
                    break;
                case ["time", var given] when !Duration.Parse(given).Failed(out _, out var named):
                    settings["time_ms"] = (long)named.TotalMilliseconds;
                    break;
                default:
                    return new WispError(ErrorCode.InvalidValue, $"'{part}' does not say when to delete it.", "Write 30m, time=30m, or off.");
            }
        }

        return settings;
    }
}
