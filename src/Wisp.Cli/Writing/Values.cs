using System.Text.Json.Nodes;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Writing;

/// <summary>Readers of what is typed behind <c>--set field=</c>. Pure.</summary>
internal static class Values
{
    public static Result<JsonNode> Text(string text) => JsonValue.Create(text);

    public static Result<JsonNode> Number(string text) => WholeNumber.Parse(text).Failed(out var error, out var number) ? error : JsonValue.Create(number);

    public static Result<JsonNode> Memory(string text) => MemorySize.Parse(text).Failed(out var error, out var mebi) ? error : JsonValue.Create(mebi);

    public static Result<JsonNode> Flag(string text) => OnOff.Parse(text).Failed(out var error, out var word) ? error : JsonValue.Create(word == OnOff.On);

    /// <summary>A bare number is milliseconds, as on the wire.</summary>
    public static Result<JsonNode> Milliseconds(string text) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : Duration.Parse(text).Failed(out var error, out var time) ? error
        : JsonValue.Create((long)time.TotalMilliseconds);

    /// <summary><c>NAME=value</c>, or an object of JSON.</summary>
    public static Result<JsonNode> Map(string text)
    {
        if (text.StartsWith('{'))
        {
            return Json(text);
        }

        return NamedValues.Parse([text], _ => null).Failed(out var error, out var values)
            ? error
            : new JsonObject(values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
    }

    /// <summary>A list of JSON, or one text of it.</summary>
    public static Result<JsonNode> List(string text) => text.StartsWith('[') ? Json(text) : JsonValue.Create(text);

    /// <summary>A reference to another resource.</summary>
    public static Result<JsonNode> Ref(string text) => Reference.ToJson(text);

    public static Result<JsonNode> Service(string text) => PublishSpec.Parse(text).Failed(out var error, out var spec) ? error : spec.ToJson();

    /// <summary>A port, of a protocol or of both: <c>53</c>, <c>53/udp</c>.</summary>
    public static Result<JsonNode> Port(string text) => text.Split('/') is [var port, "tcp" or "udp"]
        ? WholeNumber.Parse(port).Failed(out var error, out var number) ? error : new JsonObject { ["port"] = number, ["protocol"] = text[^3..] }
        : Number(text);

    public static Result<JsonNode> Domain(string text) => DomainSpec.Parse(text);

    public static Result<JsonNode> ScaleToZero(string text) => ScaleToZeroSpec.Parse(text).Failed(out var error, out var spec) ? error : spec;

    public static Result<JsonNode> ScaleToZeroChange(string text) => ScaleToZeroSpec.ParseChange(text).Failed(out var error, out var spec) ? error : spec;

    public static Result<JsonNode> Autokill(string text) => AutokillSpec.Parse(text).Failed(out var error, out var spec) ? error : spec;

    public static Result<JsonNode> Schedule(string text) => text.StartsWith('[') || text.StartsWith('{') ? Json(text) : ScheduleSpec.Parse(text).Failed(out var error, out var spec) ? error : spec;

    public static Result<JsonNode> Volume(string text) => VolumeSpec.Parse(text).Failed(out var error, out var spec) ? error : spec.ToJson();

    public static Result<JsonNode> Rom(string text) => RomSpec.Parse(text).Failed(out var error, out var spec) ? error : spec;

    public static Result<JsonNode> Plugin(string text) => PluginSpec.Parse(text).Failed(out var error, out var spec) ? error : spec;

    private static Result<JsonNode> Json(string text)
    {
        try
        {
            return JsonNode.Parse(text)!;
        }
        catch (System.Text.Json.JsonException)
        {
            return new WispError(ErrorCode.InvalidValue, $"'{text}' is not JSON.", "Mend it; what begins with [ or { is read as JSON.");
        }
    }
}
