using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Wisp.Cli.Fields;

/// <summary>A condition: <c>state==running</c>, <c>resources.memory>=256MiB</c>, <c>name~=^web</c>. Pure.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Operand">With what.</param>
internal sealed partial record Filter(string Name, string Operator, string Operand)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Reads one.</summary>
    public static Result<Filter> Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return new WispError(ErrorCode.InvalidValue, $"'{text}' is not a condition.", "Write state==running, or with !=, ~= (a regular expression), >, >=, < or <=.");
        }

        var filter = new Filter(match.Groups["field"].Value, match.Groups["operator"].Value, match.Groups["value"].Value.Trim('"', '\''));
        if (filter.Operator == "~=")
        {
            try
            {
                _ = Expression(filter.Operand);
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                return new WispError(ErrorCode.InvalidValue, $"'{filter.Operand}' is not a regular expression: {exception.Message}", "Write something like name~=^web.");
            }
        }

        return filter;
    }

    /// <summary>True when one of the values of the field is as it says; for <c>!=</c>, when none is equal.</summary>
    public bool Holds(IReadOnlyList<Field> fields, JsonObject item)
    {
        var values = fields.SelectMany(field => Texts(field.Read(item)).Select(text => (text, field.Kind))).ToArray();
        // What is not there is like an empty word, so that one can ask for it.
        return Operator == "!=" ? values.All(value => !Matches(value.text, value.Kind, "=="))
            : values.Length == 0 ? Operator == "==" && Operand.Length == 0
            : values.Any(value => Matches(value.text, value.Kind, Operator));
    }

    private bool Matches(string text, FieldKind kind, string how) => how switch
    {
        "==" => text == Operand || Comparison.Compare(text, Operand, kind) == 0,
        "~=" => Expression(Operand).IsMatch(text),
        ">" => Comparison.Compare(text, Operand, kind) > 0,
        ">=" => Comparison.Compare(text, Operand, kind) >= 0,
        "<" => Comparison.Compare(text, Operand, kind) < 0,
        _ => Comparison.Compare(text, Operand, kind) <= 0,
    };

    private static IEnumerable<string> Texts(JsonNode? value) => value switch
    {
        null => [],
        JsonArray list => list.OfType<JsonNode>().SelectMany(Texts),
        JsonObject map => map.Select(pair => $"{pair.Key}={(pair.Value is null ? "" : FieldText.Text(pair.Value))}"),
        _ => [FieldText.Text(value)],
    };

    private static Regex Expression(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);

    [GeneratedRegex(@"^\s*(?<field>[A-Za-z0-9.*_-]+?)\s*(?<operator>==|!=|~=|>=|<=|>|<)\s*(?<value>.*?)\s*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
