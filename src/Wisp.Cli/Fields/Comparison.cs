using System.Globalization;
using System.Text.Json.Nodes;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Fields;

/// <summary>Compares values of fields: numbers and sizes by what they are, moments by when they are, the rest letter by letter. Pure.</summary>
internal static class Comparison
{
    /// <summary>Compares two values of one field; one that is not there comes first.</summary>
    public static int Compare(JsonNode? left, JsonNode? right, FieldKind kind) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        _ => Compare(FieldText.ForPeople(left, FieldKind.Plain, TimeProvider.System, brief: false), FieldText.ForPeople(right, FieldKind.Plain, TimeProvider.System, brief: false), kind),
    };

    /// <summary>Compares what the API says with what somebody typed.</summary>
    public static int Compare(string left, string right, FieldKind kind) =>
        Size(left, kind) is { } first && Size(right, kind) is { } second ? first.CompareTo(second) : string.CompareOrdinal(left, right);

    private static double? Size(string text, FieldKind kind)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        return kind switch
        {
            FieldKind.Memory when !MemorySize.Parse(text).Failed(out _, out var mebi) => mebi,
            FieldKind.Bytes when !MemorySize.Parse(text).Failed(out _, out var mebi) => mebi * 1024d * 1024,
            FieldKind.Milliseconds when !Duration.Parse(text).Failed(out _, out var time) => time.TotalMilliseconds,
            FieldKind.Microseconds when !Duration.Parse(text).Failed(out _, out var time) => time.TotalMicroseconds,
            FieldKind.Moment when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) => moment.UtcTicks,
            _ => null,
        };
    }
}
