using System.Text.Json;
using Wisp.Platform.Frozen;

namespace Wisp.Api.Schedules;

/// <summary>Reads a change of the property <c>schedules</c>: set and add take schedules, del takes names or nothing.</summary>
internal static class ScheduleChangeReader
{
    /// <summary>Reads it.</summary>
    /// <param name="operation"><c>set</c>, <c>add</c> or <c>del</c>.</param>
    /// <param name="value">The value; null when there is none.</param>
    public static Result<PropertyChange> Read(string operation, JsonElement? value)
    {
        if (operation == "del")
        {
            return value switch
            {
                null => new PropertyChange.RemoveSchedules(null),
                { ValueKind: JsonValueKind.String } one => new PropertyChange.RemoveSchedules([one.GetString()!]),
                { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String) =>
                    new PropertyChange.RemoveSchedules([.. list.EnumerateArray().Select(name => name.GetString()!)]),
                _ => new WispError(ErrorCode.InvalidValue, "The 'value' of 'schedules' must be a list of names.", "Leave it out to take them all away."),
            };
        }

        if (value is not { ValueKind: JsonValueKind.Array or JsonValueKind.Object } given)
        {
            return new WispError(
                ErrorCode.InvalidValue, "The 'value' of 'schedules' must be a list of schedules.", "Send [{\"name\": \"night\", \"when\": \"20:00\", \"action\": \"stop\"}].");
        }

        return ScheduleReader.Read(given).Failed(out var error, out var schedules)
            ? error
            : operation == "set" ? new PropertyChange.SetSchedules(schedules!) : new PropertyChange.AddSchedules(schedules!);
    }
}
