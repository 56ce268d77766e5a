using System.Globalization;
using System.Text.Json.Nodes;
using Wisp.Cli.Output;

namespace Wisp.Cli.Logging;

/// <summary>What a command says of itself, on its error stream.</summary>
/// <param name="shell">Where it was typed.</param>
/// <param name="level">What matters less is left out.</param>
/// <param name="type">The form of a line.</param>
internal sealed class Log(Shell shell, LogLevel level = LogLevel.Warn, LogType type = LogType.Text)
{
    private readonly Lock _turn = new();

    public bool Has(LogLevel wanted) => wanted >= level;

    /// <summary>Says something.</summary>
    /// <param name="of">How much it matters.</param>
    /// <param name="message">What.</param>
    /// <param name="members">The same for programs.</param>
    public void Write(LogLevel of, string message, params IReadOnlyList<(string Name, JsonNode? Value)> members)
    {
        if (!Has(of))
        {
            return;
        }

        var word = LogWord.Levels[(int)of];
        var text = type == LogType.Json ? Object(word, message, members).ToJsonString(Json.Relaxed) : $"{word}: {Printable.Line(message)}";
        lock (_turn)
        {
            shell.Error.WriteLine(text);
        }
    }

    /// <summary>Says why a command fails, in the one form that errors have.</summary>
    public void Fail(WispError error, LogLevel of = LogLevel.Error)
    {
        var page = error.Help is { } help ? $"docs/help/{help}.md" : null;
        if (type == LogType.Json)
        {
            Write(of, error.Message, ("code", (int)error.Code), ("next", error.NextStep), ("help", page));
            return;
        }

        if (!Has(of))
        {
            return;
        }

        var red = shell.ErrorIsTerminal && shell.Variable("NO_COLOR") is null;
        lock (_turn)
        {
            shell.Error.WriteLine($"{(red ? "\e[31merror:\e[0m" : "error:")} {Printable.Line(error.Message)}");
            if (error.NextStep is { } next)
            {
                shell.Error.WriteLine($"  next: {Printable.Line(next)}");
            }

            if (page is not null)
            {
                shell.Error.WriteLine($"  help: {page}");
            }
        }
    }

    private JsonObject Object(string word, string message, IReadOnlyList<(string Name, JsonNode? Value)> members)
    {
        var line = new JsonObject
        {
            ["time"] = shell.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), ["level"] = word, ["message"] = message,
        };
        foreach (var (name, value) in members.Where(member => member.Value is not null))
        {
            line[name] = value;
        }

        return line;
    }
}
