using System.Text.Json;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Platform.Schedules;

namespace Wisp.Api.Schedules;

/// <summary>Reads schedules: <c>[{name, when, action, args?}]</c>. Shape only: what the values mean is the platform's to judge.</summary>
internal static class ScheduleReader
{
    /// <summary>Reads the member <c>schedules</c> of a request; null when it is not given.</summary>
    public static Result<IReadOnlyList<Schedule>?> Read(JsonObjectReader body) => Read(body.Objects("schedules"));

    /// <summary>Reads one or several that stand alone, as the value of a change.</summary>
    public static Result<IReadOnlyList<Schedule>?> Read(JsonElement value) => Read(
        value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((item, index) => new JsonObjectReader(item, $"value[{index}]"))]
            : [new JsonObjectReader(value, "value")]);

    private static Result<IReadOnlyList<Schedule>?> Read(IReadOnlyList<JsonObjectReader>? bodies)
    {
        if (bodies is null)
        {
            return (Schedule[]?)null;
        }

        var schedules = new List<Schedule>();
        foreach (var body in bodies)
        {
            var (name, when, action, args) = (body.String("name"), body.String("when"), body.String("action"), body.Strings("args"));
            // Clients send back what they were answered.
            body.String("next_at");
            body.End();
            if (name is null || when is null || action is null)
            {
                throw RequestFailure.Invalid("A schedule needs a 'name', a 'when' and an 'action'.");
            }

            if (Action(action) is not { } known)
            {
                return new WispError(ErrorCode.InvalidValue, $"'{action}' is not a valid 'action' of a schedule.", "Use start, stop, delete or checkpoint.");
            }

            schedules.Add(new Schedule(name, when, known, args));
        }

        return schedules.ToArray();
    }

    private static ScheduleAction? Action(string text) => text switch
    {
        "start" => ScheduleAction.Start,
        "stop" => ScheduleAction.Stop,
        "delete" => ScheduleAction.Delete,
        "checkpoint" => ScheduleAction.Checkpoint,
        "exec" => ScheduleAction.Exec,
        _ => null,
    };
}
