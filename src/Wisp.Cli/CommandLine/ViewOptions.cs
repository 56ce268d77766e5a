using System.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Fields;
using Wisp.Cli.Output;

namespace Wisp.Cli.CommandLine;

/// <summary>Options of commands that show resources: which fields, which of them, in which order, and whether again and again.</summary>
/// <param name="fields">What is known of the resource.</param>
/// <param name="canWatch">False for a command that says itself when it is shown again.</param>
internal sealed class ViewOptions(FieldSet fields, bool canWatch = true)
{
    private static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(2);

    private readonly Option<string[]> _fields = new("-f", "--field")
    {
        Description = "Show this field; +field or -field: one more, one less; 'all' for everything.", HelpName = "FIELD", DefaultValueFactory = _ => [],
    };
    private readonly Option<IReadOnlyList<Filter>> _filters = new("--filter")
    {
        Description = "Only where this holds, such as state==running; also !=, ~= (regular expression), >, >=, <, <=.", HelpName = "CONDITION",
        CustomParser = Parsed.Many(Filter.Parse), Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string[]> _order = new("--sort") { Description = "Sort by this field; -field: backwards.", HelpName = "[-]FIELD", DefaultValueFactory = _ => [] };
    private readonly Option<TimeSpan?> _watch = new("-w", "--watch")
    {
        Description = "Show it again whenever it changes, until Ctrl+C; look every 2 s, or --watch=TIME.", HelpName = "TIME", Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? UsualInterval : Parsed.Optional(Duration.Parse)(result),
    };

    /// <summary>Lets them be given.</summary>
    public void AddTo(Command command)
    {
        _fields.CompletionSources.Add([.. fields.All.Select(field => field.Name), "all"]);
        _order.CompletionSources.Add([.. fields.All.Select(field => field.Name)]);
        foreach (var option in (Option[])[_fields, _filters, _order, .. canWatch ? (Option[])[_watch] : []])
        {
            command.Add(option);
        }
    }

    /// <summary>What is to be shown.</summary>
    public Result<View> Of(Invocation call)
    {
        var view = new View(fields, call.Get(_fields) ?? [], call.Get(_filters) ?? [], [.. (call.Get(_order) ?? []).SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries))]);
        return view.Check() is { } wrong ? wrong : view;
    }

    /// <summary>Asks and shows it, once or as long as somebody watches.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="single">True when one item was asked for.</param>
    /// <param name="byDefault">The form when none was asked for.</param>
    /// <param name="again">After which time it is shown again, also where nobody said so.</param>
    public async Task<Result<int>> ShowAsync(Invocation call, Func<View, Task<Result<Listing>>> ask, bool single = false, OutputFormat? byDefault = null, TimeSpan? again = null)
    {
        if (Of(call).Failed(out var error, out var view))
        {
            return error;
        }

        if ((canWatch && call.Has(_watch) ? call.Get(_watch) ?? UsualInterval : again) is not { } interval)
        {
            return (await ask(view)).Failed(out error, out var answer) ? error : call.Print.Items(answer, view, single, byDefault);
        }

        string? shown = null;
        while (true)
        {
            if ((await ask(view)).Failed(out error, out var answer))
            {
                return error;
            }

            using var text = new StringWriter();
            new Printer(call.Shell.To(text), call.Form, asides: text).Items(answer, view, single, byDefault);
            if (text.ToString() is var now && now != shown)
            {
                // On a terminal in its place; elsewhere below what was there.
                await call.Shell.Output.WriteAsync((call.Shell.OutputIsTerminal ? "\e[H\e[2J" : shown is null ? "" : "\n") + now);
                await call.Shell.Output.FlushAsync(call.Cancellation);
                shown = now;
            }

            await Task.Delay(interval, call.Shell.Time, call.Cancellation);
        }
    }
}
