using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Wisp.Cli.Connections;
using Wisp.Cli.Fields;

namespace Wisp.Cli.Output;

/// <summary>Prints results in the form that was asked for.</summary>
/// <param name="shell">Where.</param>
/// <param name="wanted">The form.</param>
/// <param name="asides">Where people at a terminal are told that a list is empty; standard error when not given.</param>
internal sealed class Printer(Shell shell, OutputForm? wanted, TextWriter? asides = null)
{
    /// <summary>Prints what went well to standard output and what did not to standard error; returns the exit code.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="view">What of it is shown.</param>
    /// <param name="single">True when one item was asked for: it is shown in full.</param>
    /// <param name="byDefault">The form when none was asked for.</param>
    public int Items(Listing answer, View view, bool single = false, OutputFormat? byDefault = null)
    {
        var format = wanted?.Format ?? byDefault ?? (single ? OutputFormat.Kv : OutputFormat.Table);
        if (format == OutputFormat.Raw)
        {
            Raw(answer.Body);
        }
        else
        {
            var items = view.Apply(answer.Items);
            var fields = view.Choose(format == OutputFormat.Table ? Listed(view.Fields, items) : view.Fields.Shown);
            if (format == OutputFormat.Table && items.Count == 0 && answer.Failures.Count == 0 && shell.OutputIsTerminal && view.Fields.None is { } none)
            {
                (asides ?? shell.Error).WriteLine(none.Text(view.Filters.Count > 0));
            }

            Print(format, items, fields, view.Fields, items => single ? items.Count == 1 ? items[0]!.DeepClone() : items.Count == 0 ? null : items : items);
        }

        foreach (var failure in answer.Failures)
        {
            shell.Fail(failure);
        }

        return answer.Code;
    }

    /// <summary>Prints an answer of which everything is shown.</summary>
    public int Items(Listing answer, FieldSet fields, bool single = false, OutputFormat? byDefault = null) => Items(answer, View.All(fields), single, byDefault);

    /// <summary>Prints one object of our own; programs get it with the names that it has.</summary>
    /// <param name="value">The object.</param>
    /// <param name="fields">What people see of it.</param>
    /// <param name="type">Its JSON.</param>
    public void One<T>(T value, FieldSet fields, JsonTypeInfo<T> type)
    {
        var item = (JsonObject)JsonSerializer.SerializeToNode(value, type)!;
        var format = wanted?.Format ?? OutputFormat.Kv;
        Print(format is OutputFormat.Raw ? OutputFormat.Json : format, [item], format == OutputFormat.Table ? fields.Listed : fields.Shown, fields, _ => item);
    }

    /// <summary>Prints an answer as it came.</summary>
    public void Raw(byte[] body) => shell.Output.WriteLine(System.Text.Encoding.UTF8.GetString(body).TrimEnd('\n'));

    private void Print(OutputFormat format, IReadOnlyList<JsonObject> items, IReadOnlyList<Field> fields, FieldSet all, Func<JsonArray, JsonNode?> shape)
    {
        switch (format)
        {
            case OutputFormat.Json when shape(Trees(items, fields)) is { } tree:
                shell.Output.WriteLine(tree.ToJsonString(Json.Indented));
                break;
            case OutputFormat.Yaml when shape(Trees(items, fields)) is { } tree:
                shell.Output.Write(Yaml.Write(tree));
                break;
            case OutputFormat.Template:
                foreach (var item in items)
                {
                    shell.Output.WriteLine(wanted!.Template!.Fill(FieldTree.Of(all.All, item)));
                }

                break;
            case OutputFormat.Quiet:
                // What others take: with the metro where there are several.
                var several = AreOfSeveralMetros(items);
                foreach (var item in items)
                {
                    shell.Output.WriteLine(Printable.Line((several ? Listing.Text(item, "metro") + "/" : "") + (all.KeyField.Read(item) is { } key ? FieldText.Text(key) : "")));
                }

                break;
            case OutputFormat.Kv:
                Kv(items, fields);
                break;
            case OutputFormat.Table:
                Table(items, fields);
                break;
        }
    }

    // In which metro something is matters where there is more than one.
    private static IReadOnlyList<Field> Listed(FieldSet fields, IReadOnlyList<JsonObject> items) =>
        AreOfSeveralMetros(items) && fields.All.FirstOrDefault(field => field.Name == "metro") is { } metro ? [metro, .. fields.Listed] : fields.Listed;

    private static bool AreOfSeveralMetros(IReadOnlyList<JsonObject> items) => items.Select(item => Listing.Text(item, "metro")).Distinct().Count() > 1;

    private static JsonArray Trees(IReadOnlyList<JsonObject> items, IReadOnlyList<Field> fields) => new([.. items.Select(item => (JsonNode)FieldTree.Of(fields, item))]);

    private void Kv(IReadOnlyList<JsonObject> items, IReadOnlyList<Field> fields)
    {
        foreach (var (index, item) in items.Index())
        {
            if (index > 0)
            {
                shell.Output.WriteLine();
            }

            var grid = new Table().NoBorder().HideHeaders().AddColumn(new TableColumn("").NoWrap()).AddColumn("");
            foreach (var field in fields)
            {
                if (field.Read(item) is { } value && FieldText.ForPeople(value, field.Kind, shell.Time, brief: false) is { Length: > 0 } text)
                {
                    grid.AddRow(new Text(field.Name + ":", Faint), Cell(text, Overflow.Fold));
                }
            }

            Write(grid, shell.OutputIsTerminal ? shell.Width ?? Shell.WidthOfTerminals : Shell.Endless);
        }
    }

    private void Table(IReadOnlyList<JsonObject> items, IReadOnlyList<Field> fields)
    {
        if (items.Count == 0 || fields.Count == 0)
        {
            // Not a heading without rows: a program that reads lines must find none.
            return;
        }

        string[][] rows = [.. items.Select(item => fields.Select(
            field => Printable.Line(field.Read(item) is { } value ? FieldText.ForPeople(value, field.Kind, shell.Time, brief: true) : "")).ToArray())];
        string[] headings = [.. fields.Select(field => field.Title.ToUpperInvariant())];
        var widths = TableFit.Widths(
            [.. headings.Select((heading, column) => Math.Max(heading.Length, rows.Max(row => row[column].Length)))], [.. fields.Select(field => field.Long)],
            shell.OutputIsTerminal ? shell.Width ?? Shell.WidthOfTerminals : Shell.WidthOfPipes);
        var table = new Table().NoBorder();
        foreach (var (column, heading) in headings.Index())
        {
            table.AddColumn(new TableColumn(new Text(TableFit.Cut(heading, widths[column]), Faint)).NoWrap().PadRight(TableFit.Gap));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select((text, column) => Cell(TableFit.Cut(text, widths[column]), Overflow.Ellipsis)));
        }

        // It fits already, and what does not (a key that is longer than the screen) is better broken by the terminal than lost.
        Write(table, Shell.Endless);
    }

    private static Style Faint { get; } = new(decoration: Decoration.Dim);

    private static Text Cell(string text, Overflow overflow) => new Text(Printable.Line(text), Tone.Of(text)).Overflow(overflow);

    // Through a string, because columns are padded and a pipe wants no spaces at the end of a line.
    private void Write(Table table, int width)
    {
        using var text = new StringWriter();
        shell.ConsoleOver(text, shell.OutputIsTerminal, width).Write(table);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            shell.Output.WriteLine(line.TrimEnd());
        }
    }
}
