using System.Text.Json;
using Wisp.Api.Reading;
using Wisp.Platform;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;

namespace Wisp.Api.Instances;

/// <summary>Reads what an instance depends on, and its scheduling priority.</summary>
internal static class OrderReader
{
    /// <summary>Reads the member <c>dependencies</c> of a request; null when it is not given.</summary>
    public static Result<IReadOnlyList<ResourceRef>?> Dependencies(JsonObjectReader body) => References(body.Objects("dependencies"));

    /// <summary>Reads the member <c>sched_priority</c>, or what it was called before.</summary>
    public static Result<SchedulingPriority> Priority(JsonObjectReader body)
    {
        var (now, before) = (body.String("sched_priority"), body.String("schedprio_policy"));
        return now is not null && before is not null
            ? new WispError(ErrorCode.NotBoth, "Give 'sched_priority' or 'schedprio_policy', not both.", "They are the same; the first is its name.")
            : Priority(now ?? before ?? "normal");
    }

    /// <summary>Reads a change of either; null when it is another property.</summary>
    public static Result<PropertyChange>? Change(string? property, string operation, JsonElement? value) => property switch
    {
        "dependencies" => ChangeDependencies(operation, value),
        "sched_priority" => (operation, value?.ValueKind) switch
        {
            ("del", _) => new PropertyChange.SetPriority(SchedulingPriority.Normal),
            ("set", JsonValueKind.String) => Priority(value!.Value.GetString()!).Failed(out var error, out var priority) ? error : new PropertyChange.SetPriority(priority),
            ("set", _) => new WispError(ErrorCode.InvalidValue, "The 'value' of 'sched_priority' must be a string."),
            _ => new WispError(ErrorCode.InvalidValue, $"'sched_priority' has no 'op' {operation}.", "Use set or del."),
        },
        _ => (Result<PropertyChange>?)null,
    };

    private static Result<PropertyChange> ChangeDependencies(string operation, JsonElement? value)
    {
        if (value is null && operation == "del")
        {
            return new PropertyChange.RemoveDependencies(null);
        }

        JsonElement[] given = value switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
            { } one => [one],
            _ => [],
        };
        if (value is null || given.Any(one => one.ValueKind != JsonValueKind.Object))
        {
            return new WispError(ErrorCode.InvalidValue, "The 'value' of 'dependencies' must be a list of instances.", "Send [{\"name\": \"db\"}].");
        }

        return References([.. given.Select((one, index) => new JsonObjectReader(one, $"value[{index}]"))]).Failed(out var error, out var on) ? error
            : operation switch
            {
                "set" => new PropertyChange.SetDependencies(on!),
                "add" => new PropertyChange.AddDependencies(on!),
                _ => new PropertyChange.RemoveDependencies(on),
            };
    }

    private static Result<IReadOnlyList<ResourceRef>?> References(IReadOnlyList<JsonObjectReader>? bodies)
    {
        if (bodies is null)
        {
            return (ResourceRef[]?)null;
        }

        var references = new List<ResourceRef>();
        foreach (var body in bodies)
        {
            var (reference, wrong) = Target.Parse(body);
            body.End();
            if (reference is not { } known)
            {
                return wrong!;
            }

            references.Add(known);
        }

        return references.ToArray();
    }

    private static Result<SchedulingPriority> Priority(string text) => text switch
    {
        "normal" => SchedulingPriority.Normal,
        "medium" => SchedulingPriority.Medium,
        "high" => SchedulingPriority.High,
        "admin" => SchedulingPriority.Admin,
        _ => new WispError(ErrorCode.InvalidValue, $"'{text}' is not a valid 'sched_priority'.", "Use normal, medium, high or admin."),
    };
}
