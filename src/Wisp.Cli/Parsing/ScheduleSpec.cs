using System.Text.Json.Nodes;

namespace Wisp.Cli.Parsing;

/// <summary>Something that is done by the calendar: <c>name=night,when=22:00,action=stop</c>. Pure.</summary>
internal static class ScheduleSpec
{
    /// <summary>Reads it into what the API takes; whether the calendar knows such a time is the API's to judge.</summary>
    public static Result<JsonObject> Parse(string text) =>
        Pairs.Parse(text, "name", "when", "action").Failed(out var error, out var pairs) ? error
        : pairs.Count < 3 ? new WispError(ErrorCode.InvalidValue, $"'{text}' is no schedule.", "Write name=night,when=22:00,action=stop; see docs/schedules.md.")
        : new JsonObject { ["name"] = pairs["name"], ["when"] = pairs["when"], ["action"] = pairs["action"] };
}
