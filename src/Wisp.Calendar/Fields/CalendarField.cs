using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Wisp.Calendar.Fields;

/// <summary>What one part of a date or a time may be: a list of values, or anything. Immutable.</summary>
internal sealed class CalendarField
{
    private readonly IReadOnlyList<FieldValue>? _values;

    private CalendarField(FieldKind kind, IReadOnlyList<FieldValue>? values) => (Kind, _values) = (kind, values);

    /// <summary>Which part it is.</summary>
    public FieldKind Kind { get; }

    /// <summary>True when it may be anything.</summary>
    public bool IsAny => _values is null;

    /// <summary>Its values; of one that may be anything, all there are.</summary>
    public IReadOnlyList<FieldValue> Values => _values ?? [new FieldValue(Kind.From, Kind.To, Kind.Unit)];

    /// <summary>Anything.</summary>
    public static CalendarField Any(FieldKind kind) => new(kind, null);

    /// <summary>Puts a list in order.</summary>
    /// <param name="kind">Which part it is.</param>
    /// <param name="values">The values as they were written; null is anything.</param>
    /// <param name="field">The list.</param>
    /// <param name="wrong">What is wrong with the first of its values that does not lie within the field.</param>
    /// <returns>False when there is such a one.</returns>
    public static bool TryMake(FieldKind kind, IReadOnlyList<FieldValue>? values, out CalendarField field, [NotNullWhen(false)] out string? wrong)
    {
        wrong = null;
        if (values is null)
        {
            field = Any(kind);
            return true;
        }

        FieldValue[] sorted = [.. values.Select(value => value.Normalised()).Distinct().Order()];
        field = new CalendarField(kind, sorted);
        for (var place = 0; place < sorted.Length; place++)
        {
            if (!sorted[place].Fits(kind.At(place)))
            {
                wrong = Explain(sorted[place], kind, place);
                return false;
            }
        }

        return true;
    }

    /// <summary>One or more single values.</summary>
    public static CalendarField Only(FieldKind kind, params IEnumerable<int> values) =>
        new(kind, [.. values.Select(value => new FieldValue(value, null, 0))]);

    /// <summary>Its smallest value at or above another; null when there is none.</summary>
    public int? NextFrom(int least)
    {
        int? next = null;
        foreach (var value in Values)
        {
            if (value.NextFrom(least, Kind.To) is { } found && (next is null || found < next))
            {
                next = found;
            }
        }

        return next;
    }

    /// <summary>Writes it as <c>systemd-analyze calendar</c> does.</summary>
    public void Write(StringBuilder text)
    {
        // Every whole second is written as anything, whatever else is in the list: systemd does so.
        if (_values is null || (Kind == FieldKind.Seconds && _values.Any(value => value is { Start: 0, Stop: null, Step: FieldKind.Second })))
        {
            text.Append('*');
            return;
        }

        for (var index = 0; index < _values.Count; index++)
        {
            if (index > 0)
            {
                text.Append(',');
            }

            _values[index].Write(text, Kind);
        }
    }

    private static string Explain(FieldValue value, FieldKind kind, int place)
    {
        var text = new StringBuilder();
        value.Write(text, kind with { Width = 1 });
        var most = kind.At(place).To;
        var where = most < kind.To ? $" where {place} come before it in a list" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"'{text}' does not fit: {kind.Name} is {kind.From} to {most / kind.Unit}{where}, and a range or a step must reach a second one");
    }
}
