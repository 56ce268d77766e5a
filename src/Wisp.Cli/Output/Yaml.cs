using System.Text.Json;
using System.Text.Json.Nodes;
using Wisp.Cli.Fields;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Wisp.Cli.Output;

/// <summary>JSON as YAML and back, by the library's events: its object mapping needs reflection, which NativeAOT does not have.</summary>
internal static class Yaml
{
    // As YAML 1.2's JSON schema has them; and what is a number or a truth value elsewhere is quoted as we write it.
    private static readonly string[] Words = ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n"];

    /// <summary>Writes a value.</summary>
    public static string Write(JsonNode? value)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, value);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <summary>Reads the first document of a text; null of an empty one.</summary>
    public static Result<JsonNode?> Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return (JsonNode?)null;
            }

            parser.Consume<DocumentStart>();
            return Value(parser);
        }
        catch (YamlException exception)
        {
            return new WispError(ErrorCode.Malformed, $"Line {exception.Start.Line} is not YAML: {exception.Message}", "Mend it, or write it anew.");
        }
    }

    private static void Emit(Emitter emitter, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(null, null, isImplicit: true, map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (name, member) in map)
                {
                    emitter.Emit(Text(name));
                    Emit(emitter, member);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(new SequenceStart(null, null, isImplicit: true, list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var element in list)
                {
                    Emit(emitter, element);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case { } scalar when scalar.GetValueKind() == JsonValueKind.String:
                emitter.Emit(Text(scalar.GetValue<string>()));
                break;
            default:
                emitter.Emit(new Scalar(value is null ? "null" : FieldText.Text(value)));
                break;
        }
    }

    private static Scalar Text(string text)
    {
        var ambiguous = text.Length == 0 || Words.Contains(text, StringComparer.OrdinalIgnoreCase) || double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _);
        return new Scalar(AnchorName.Empty, TagName.Empty, text, ambiguous ? ScalarStyle.DoubleQuoted : ScalarStyle.Any, isPlainImplicit: true, isQuotedImplicit: true);
    }

    private static JsonNode? Value(Parser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Scalar(scalar);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Value(parser));
            }

            return list;
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            throw new YamlException(alias.Start, alias.End, "references (*name) are not read");
        }

        parser.Consume<MappingStart>();
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            map[parser.Consume<Scalar>().Value] = Value(parser);
        }

        return map;
    }

    private static JsonNode? Scalar(Scalar scalar) => scalar switch
    {
        { Style: not ScalarStyle.Plain } => JsonValue.Create(scalar.Value),
        { Value: "" or "~" or "null" } => null,
        { Value: "true" or "false" } => JsonValue.Create(scalar.Value == "true"),
        _ when IsNumber(scalar.Value) => JsonNode.Parse(scalar.Value),
        _ => JsonValue.Create(scalar.Value),
    };

    // What JSON calls a number; 010, 1_000 and .5 are text.
    private static bool IsNumber(string text)
    {
        if (text[0] is not ('-' or (>= '0' and <= '9')))
        {
            return false;
        }

        try
        {
            return JsonNode.Parse(text)?.GetValueKind() == JsonValueKind.Number;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
