using System.Text.Json;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Api.Schedules;
using Wisp.Platform.Frozen;

namespace Wisp.Api.Frozen;

/// <summary>Reads a change of a property: <c>{prop, op: set|add|del, value?}</c>.</summary>
internal static class PropertyChangeReader
{
    // Properties of instances that a frozen memory does not let change: refused by name.
    private static readonly string[] NotSupported =
    [
        "image", "args", "env", "memory_mb", "vcpus", "scale_to_zero", "schedules", "hostname", "roms", "dependencies", "sched_priority", "plugins", "annotations", "vsock",
    ];

    // Properties of the platform API that instances do not have here yet.
    private static readonly string[] NotYet = ["roms", "plugins", "vsock"];

    /// <summary>A change of a template or checkpoint.</summary>
    public static Result<PropertyChange> ReadFrozen(JsonObjectReader body) => Read(body, (property, operation, value) => Common(property, operation, value)
        ?? (NotSupported.Contains(property, StringComparer.Ordinal)
            ? new WispError(ErrorCode.NotSupported, $"Changing '{property}' is not supported.", "Make a new instance with the other value.")
            : new WispError(ErrorCode.InvalidValue, $"'{property}' is not a property that can be changed.", "Use tags, delete_lock or autokill.")));

    /// <summary>A change of an instance.</summary>
    public static Result<PropertyChange> ReadInstance(JsonObjectReader body) => Read(body, (property, operation, value) => Common(property, operation, value)
        ?? (property == "schedules" ? ScheduleChangeReader.Read(operation, value) : DefinitionChangeReader.Read(property, operation, value))
        ?? OrderReader.Change(property, operation, value)
        ?? (NotYet.Contains(property, StringComparer.Ordinal)
            ? new WispError(ErrorCode.NotSupported, $"Changing '{property}' is not supported.", "Leave it out.")
            : new WispError(
                ErrorCode.InvalidValue, $"'{property}' is not a property that can be changed.",
                "Use image, args, env, memory_mb, vcpus, hostname, scale_to_zero, restart_policy, tags, annotations, schedules, dependencies, sched_priority, delete_lock or autokill.")));

    private static Result<PropertyChange> Read(JsonObjectReader body, Func<string?, string, JsonElement?, Result<PropertyChange>> read)
    {
        var property = body.String("prop");
        var operation = body.String("op");
        var value = body.Any("value");
        if (operation is not ("set" or "add" or "del"))
        {
            return new WispError(ErrorCode.InvalidValue, $"'{operation}' is not a valid 'op'.", "Use set, add or del.");
        }

        return read(property, operation, value).Failed(out var error, out var change)
            ? error
            : change with { Given = new GivenChange(property!, operation, value?.GetRawText()) };
    }

    // Null when it is another property.
    private static Result<PropertyChange>? Common(string? property, string operation, JsonElement? value) => property switch
    {
        "tags" => Tags(operation, value),
        "delete_lock" => DeleteLock(operation, value),
        "autokill" => Autokill(operation, value, after => (PropertyChange)new PropertyChange.SetAutokill(after)),
        _ => (Result<PropertyChange>?)null,
    };

    /// <summary>Reads <c>{time_ms}</c>; null when it is not given.</summary>
    public static TimeSpan? Lifetime(JsonObjectReader? body)
    {
        // Beyond what the platform allows anyway, and within what a time span holds.
        TimeSpan? time = body?.Integer("time_ms") is { } given ? TimeSpan.FromMilliseconds(Math.Clamp(given, -1, 63_072_000_000)) : null;
        body?.End();
        return time;
    }

    private static Result<PropertyChange> Tags(string operation, JsonElement? value)
    {
        var tags = value is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(tag => tag.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(tag => tag.GetString()!)]
            : value is { ValueKind: JsonValueKind.String } one ? [one.GetString()!]
            : (string[]?)null;
        return (operation, tags, value) switch
        {
            ("del", null, null) => new PropertyChange.RemoveTags(null),
            (_, null, _) => new WispError(ErrorCode.InvalidValue, "The 'value' of 'tags' must be a list of strings."),
            ("set", _, _) => new PropertyChange.SetTags(tags),
            ("add", _, _) => new PropertyChange.AddTags(tags),
            _ => new PropertyChange.RemoveTags(tags),
        };
    }

    private static Result<PropertyChange> DeleteLock(string operation, JsonElement? value) => (operation, value?.ValueKind) switch
    {
        ("del", _) => new PropertyChange.SetDeleteLock(false),
        ("set", JsonValueKind.True or JsonValueKind.False) => new PropertyChange.SetDeleteLock(value!.Value.GetBoolean()),
        ("set", _) => new WispError(ErrorCode.InvalidValue, "The 'value' of 'delete_lock' must be true or false."),
        _ => new WispError(ErrorCode.InvalidValue, $"'delete_lock' has no 'op' {operation}.", "Use set or del."),
    };

    /// <summary>Reads a change of the time after which something is deleted.</summary>
    public static Result<T> Autokill<T>(string operation, JsonElement? value, Func<TimeSpan?, T> change) => (operation, value?.ValueKind) switch
    {
        ("del", _) => change(null),
        ("set", JsonValueKind.Object) => change(Lifetime(new JsonObjectReader(value!.Value, "value"))),
        ("set", _) => new WispError(ErrorCode.InvalidValue, "The 'value' of 'autokill' must be an object.", "Send {\"time_ms\": 3600000}."),
        _ => new WispError(ErrorCode.InvalidValue, $"'autokill' has no 'op' {operation}.", "Use set or del."),
    };
}
