using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Wisp.Cli.Connections;
using Wisp.Contracts;

namespace Wisp.Cli.Output;

/// <summary>Prints results in the form that was asked for.</summary>
internal sealed class Printer(Shell shell, OutputFormat? wanted)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints what went well to standard output and what did not to standard error; returns the exit code.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="layout">How its items look.</param>
    /// <param name="single">True when one item was asked for: it is shown in full.</param>
    /// <param name="byDefault">The form when none was asked for.</param>
    public int Items<T>(Answer<T> answer, Layout<T> layout, bool single = false, OutputFormat? byDefault = null) where T : Item
    {
        switch (wanted ?? byDefault ?? (single ? OutputFormat.Kv : OutputFormat.Table))
        {
            case OutputFormat.Raw:
                Raw(answer.Body);
                break;
            case OutputFormat.Json:
                Json(answer.Body, single);
                break;
            case OutputFormat.Quiet:
                Lines(answer.Items.Select(layout.Key));
                break;
            case OutputFormat.Kv:
                Kv(answer.Items, layout.Fields);
                break;
            default:
                Table(answer.Items, layout.Table);
                break;
        }

        foreach (var failure in answer.Failures)
        {
            shell.Fail(failure);
        }

        return answer.Failures.Count == 0 ? ExitCode.Ok
            : answer.Items.Count > 0 ? ExitCode.Failed
            : ExitCode.Of(answer.Failures.Select(failure => failure.Code));
    }

    /// <summary>Prints one object of our own.</summary>
    /// <param name="value">The object.</param>
    /// <param name="layout">How it looks.</param>
    /// <param name="type">Its JSON.</param>
    public void One<T>(T value, Layout<T> layout, JsonTypeInfo<T> type)
    {
        switch (wanted ?? OutputFormat.Kv)
        {
            case OutputFormat.Raw or OutputFormat.Json:
                shell.Output.WriteLine(JsonSerializer.Serialize(value, type));
                break;
            case OutputFormat.Quiet:
                Lines([layout.Key(value)]);
                break;
            case OutputFormat.Table:
                Table([value], layout.Table);
                break;
            default:
                Kv([value], layout.Fields);
                break;
        }
    }

    /// <summary>Prints an answer as it came.</summary>
    public void Raw(byte[] body) => shell.Output.WriteLine(System.Text.Encoding.UTF8.GetString(body).TrimEnd('\n'));

    private void Lines(IEnumerable<string?> lines)
    {
        foreach (var line in lines)
        {
            shell.Output.WriteLine(Printable.Line(line ?? ""));
        }
    }

    // The items themselves, as they came, so that a member this program does not know is not lost.
    private void Json(byte[] body, bool single)
    {
        using var document = JsonDocument.Parse(body);
        var items = document.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            ? data.EnumerateObject().First().Value.EnumerateArray().Where(item => !IsFailure(item)).ToArray()
            : [];
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            if (single && items is [var only])
            {
                only.WriteTo(writer);
            }
            else if (!single || items.Length > 0)
            {
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    item.WriteTo(writer);
                }

                writer.WriteEndArray();
            }
        }

        if (buffer.Length > 0)
        {
            Raw(buffer.ToArray());
        }
    }

    private static bool IsFailure(JsonElement item) =>
        item.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String && status.ValueEquals(ResponseStatus.Error);

    private void Kv<T>(IReadOnlyList<T> items, IReadOnlyList<Column<T>> fields)
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
                if (field.Text(item) is { Length: > 0 } text)
                {
                    grid.AddRow(new Text(field.Title + ":", Faint), Cell(text, Overflow.Fold));
                }
            }

            Write(grid);
        }
    }

    private void Table<T>(IReadOnlyList<T> items, IReadOnlyList<Column<T>> columns)
    {
        if (items.Count == 0)
        {
            // Not a heading without rows: a program that reads lines must find none.
            return;
        }

        var table = new Table().NoBorder();
        foreach (var column in columns)
        {
            var heading = new TableColumn(new Text(column.Title.ToUpperInvariant(), Faint).Overflow(Overflow.Ellipsis)).PadRight(2);
            table.AddColumn(column.Long ? heading : heading.NoWrap());
        }

        foreach (var item in items)
        {
            table.AddRow(columns.Select(column => Cell(column.Text(item) ?? "", Overflow.Ellipsis)));
        }

        Write(table);
    }

    private static Style Faint { get; } = new(decoration: Decoration.Dim);

    private static Text Cell(string text, Overflow overflow) => new Text(Printable.Line(text), Tone.Of(text)).Overflow(overflow);

    // Through a string, because columns are padded and a pipe wants no spaces at the end of a line.
    private void Write(Table table)
    {
        using var text = new StringWriter();
        shell.ConsoleOver(text, shell.OutputIsTerminal).Write(table);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            shell.Output.WriteLine(line.TrimEnd());
        }
    }
}
