using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wisp.Cli.Output;

namespace Wisp.Cli.Fields;

/// <summary>Values of fields for people and for programs. Pure.</summary>
internal static class FieldText
{
    private const double MicrosecondsPerMillisecond = 1000;

    /// <summary>The value as programs get it: as it is, but for what has a unit that its name does not say.</summary>
    public static JsonNode ForPrograms(JsonNode value, FieldKind kind) => kind switch
    {
        FieldKind.Memory when Number(value) is { } mebi => JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"{mebi}MiB")),
        FieldKind.Microseconds when Number(value) is { } time => JsonValue.Create(time / MicrosecondsPerMillisecond),
        _ => value.DeepClone(),
    };

    /// <summary>The value as people read it.</summary>
    /// <param name="value">As the API has it.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="clock">For ages.</param>
    /// <param name="brief">True where there is room for a column only.</param>
    public static string ForPeople(JsonNode value, FieldKind kind, TimeProvider clock, bool brief) => value switch
    {
        JsonArray list => string.Join(' ', list.OfType<JsonNode>().Select(element => ForPeople(element, kind, clock, brief))),
        JsonObject map => string.Join(' ', map.Select(pair => Words.Quote($"{pair.Key}={(pair.Value is null ? "" : Text(pair.Value))}"))),
        _ => One(value, kind, clock, brief),
    };

    /// <summary>A value without quotes, in the characters that a program would get.</summary>
    public static string Text(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(Json.Relaxed),
    };

    /// <summary>The number in a value, where there is one.</summary>
    public static double? Number(JsonNode value) => value.GetValueKind() == JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
        : null;

    private static string One(JsonNode value, FieldKind kind, TimeProvider clock, bool brief)
    {
        var number = Number(value);
        return kind switch
        {
            FieldKind.Memory when number is { } mebi => string.Create(CultureInfo.InvariantCulture, $"{mebi} MiB"),
            FieldKind.Bytes when number is { } bytes => Words.Bytes((long)bytes),
            FieldKind.Milliseconds when number is { } time => time < 10_000 ? string.Create(CultureInfo.InvariantCulture, $"{time} ms") : Words.Span(TimeSpan.FromMilliseconds(time)),
            FieldKind.Microseconds when number is { } time => Words.Milliseconds((long)time),
            FieldKind.Moment => brief ? Words.Ago(Text(value), clock) ?? Text(value) : Ago(Text(value), clock),
            FieldKind.Image when brief => Words.Image(Text(value))!,
            FieldKind.Arguments => Words.Quote(Text(value)),
            _ => Text(value),
        };
    }

    private static string Ago(string time, TimeProvider clock) => Words.Ago(time, clock) is { } ago ? $"{time} ({ago})" : time;
}
