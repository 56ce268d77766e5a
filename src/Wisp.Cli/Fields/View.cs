using System.Text.Json.Nodes;

namespace Wisp.Cli.Fields;

/// <summary>What of an answer is shown, and in which order: <c>-f</c>, <c>--filter</c>, <c>--sort</c>. Pure.</summary>
/// <param name="Fields">What is known of the resource.</param>
/// <param name="Words">The fields that were asked for.</param>
/// <param name="Filters">Conditions, all of which must hold.</param>
/// <param name="Order">Fields to sort by, the first one first; a minus turns it around.</param>
internal sealed record View(FieldSet Fields, IReadOnlyList<string> Words, IReadOnlyList<Filter> Filters, IReadOnlyList<string> Order)
{
    /// <summary>Everything, as it came.</summary>
    public static View All(FieldSet fields) => new(fields, [], [], []);

    /// <summary>Refuses names of fields that there are not, before anything is asked.</summary>
    public WispError? Check()
    {
        if (FieldSelection.Choose(Fields, [], Words).Failed(out var error, out _))
        {
            return error;
        }

        foreach (var name in Filters.Select(filter => filter.Name).Concat(Order.Select(Bare)))
        {
            if (Fields.Find(name).Failed(out error, out _))
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>The fields that were asked for, or the usual ones.</summary>
    public IReadOnlyList<Field> Choose(IReadOnlyList<Field> usual) => FieldSelection.Choose(Fields, usual, Words).Value;

    /// <summary>True when a field was asked for that takes another call.</summary>
    public bool AsksFor(string name) => Words.Count > 0 && Choose(Fields.Shown).Any(field => field.Name == name || field.Name.StartsWith(name + ".", StringComparison.Ordinal));

    /// <summary>The items for which all conditions hold, in order.</summary>
    public IReadOnlyList<JsonObject> Apply(IEnumerable<JsonObject> items)
    {
        var chosen = items.Where(item => Filters.All(filter => filter.Holds(Fields.Find(filter.Name).Value, item)));
        // From the last to the first: sorting is stable.
        return [.. Order.Reverse().Aggregate(chosen, (sorted, word) => Sort(sorted, Fields.Find(Bare(word)).Value[0], word[0] == '-'))];
    }

    private static IEnumerable<JsonObject> Sort(IEnumerable<JsonObject> items, Field field, bool backwards)
    {
        var order = Comparer<JsonNode?>.Create((left, right) => Comparison.Compare(left, right, field.Kind));
        return backwards ? items.OrderByDescending(field.Read, order) : items.OrderBy(field.Read, order);
    }

    private static string Bare(string word) => word.TrimStart('-', '+');
}
