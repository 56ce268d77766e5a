using System.Text.Json;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Platform.Frozen;

namespace Wisp.Api.Frozen;

/// <summary>Reads changes of what an instance is made with, and of its annotations.</summary>
internal static class DefinitionChangeReader
{
    /// <summary>The change; null when it is another property.</summary>
    public static Result<PropertyChange>? Read(string? property, string operation, JsonElement? value) => property switch
    {
        "image" => Image(operation, value),
        "args" => Arguments(operation, value),
        "env" => Values(ValueMap.Env, property, operation, value),
        "annotations" => Values(ValueMap.Annotations, property, operation, value),
        "memory_mb" => Number(property, operation, value, number => new PropertyChange.SetMemory(number)),
        "vcpus" => Number(property, operation, value, number => new PropertyChange.SetVcpus(number)),
        "hostname" => Hostname(operation, value),
        "scale_to_zero" => ScaleToZero(operation, value),
        "restart_policy" => RestartPolicy(operation, value),
        _ => (Result<PropertyChange>?)null,
    };

    private static Result<PropertyChange> Image(string operation, JsonElement? value) => (operation, value?.ValueKind) switch
    {
        ("set", JsonValueKind.String or JsonValueKind.Object) when CreateInstanceReader.ReadImage(value!.Value) is { Length: > 0 } reference => new PropertyChange.SetImage(reference),
        ("set", _) => Wrong("image", "the name of an image"),
        _ => NoSuch("image", operation, "set"),
    };

    private static Result<PropertyChange> Arguments(string operation, JsonElement? value) => (operation, Texts(value)) switch
    {
        ("del", null) when value is null => new PropertyChange.SetArgs(null),
        ("del", _) => new WispError(ErrorCode.InvalidValue, "'args' are removed all at once.", "Leave 'value' out, or set those that are to stay."),
        (_, null) => Wrong("args", "a list of strings"),
        ("set", { } args) => new PropertyChange.SetArgs(args),
        (_, { } args) => new PropertyChange.AddArgs(args),
    };

    private static Result<PropertyChange> Values(ValueMap map, string property, string operation, JsonElement? value)
    {
        if (operation == "del")
        {
            return value is null ? new PropertyChange.RemoveValues(map, null)
                : (Texts(value) ?? Map(value)?.Keys.ToArray()) is { } names ? new PropertyChange.RemoveValues(map, names)
                : Wrong(property, "a name or a list of names");
        }

        return Map(value) is not { } values ? Wrong(property, "an object of strings")
            : operation == "set" ? new PropertyChange.SetValues(map, values) : new PropertyChange.AddValues(map, values);
    }

    private static Result<PropertyChange> Number(string property, string operation, JsonElement? value, Func<long, PropertyChange> change) =>
        operation != "set" ? NoSuch(property, operation, "set")
        : value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var whole) ? change(whole)
        : Wrong(property, "a whole number");

    private static Result<PropertyChange> Hostname(string operation, JsonElement? value) => (operation, value?.ValueKind) switch
    {
        ("del", _) => new PropertyChange.SetHostname(null),
        ("set", JsonValueKind.String) => new PropertyChange.SetHostname(value!.Value.GetString()),
        ("set", _) => Wrong("hostname", "a string"),
        _ => NoSuch("hostname", operation, "set or del"),
    };

    private static Result<PropertyChange> ScaleToZero(string operation, JsonElement? value)
    {
        if (operation != "set" || value is not { ValueKind: JsonValueKind.Object } settings)
        {
            return operation == "del" ? new PropertyChange.SetScaleToZero(null)
                : operation == "set" ? Wrong("scale_to_zero", "an object")
                : NoSuch("scale_to_zero", operation, "set or del");
        }

        return CreateInstanceReader.ReadScaleToZero(new JsonObjectReader(settings, "value")).Failed(out var error, out var read)
            ? error
            : new PropertyChange.SetScaleToZero(read);
    }

    private static Result<PropertyChange> RestartPolicy(string operation, JsonElement? value) => (operation, value?.ValueKind) switch
    {
        ("del", _) => new PropertyChange.SetRestartPolicy(Platform.Instances.RestartPolicy.Never),
        ("set", JsonValueKind.String) => CreateInstanceReader.ReadRestartPolicy(value!.Value.GetString()).Failed(out var error, out var policy)
            ? error
            : new PropertyChange.SetRestartPolicy(policy!.Value),
        ("set", _) => Wrong("restart_policy", "a string"),
        _ => NoSuch("restart_policy", operation, "set or del"),
    };

    private static string[]? Texts(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String) => [.. list.EnumerateArray().Select(text => text.GetString()!)],
        _ => null,
    };

    private static Dictionary<string, string>? Map(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Object } members || members.EnumerateObject().Any(member => member.Value.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in members.EnumerateObject())
        {
            map[member.Name] = member.Value.GetString()!;
        }

        return map;
    }

    private static WispError Wrong(string property, string wanted) => new(ErrorCode.InvalidValue, $"The 'value' of '{property}' must be {wanted}.");

    private static WispError NoSuch(string property, string operation, string right) =>
        new(ErrorCode.InvalidValue, $"'{property}' has no 'op' {operation}.", $"Use {right}.");
}
