using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Services;

/// <summary><c>wisp services top</c>: what services are asked and serve right now.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(1);

    public static Verb Create(Shell shell)
    {
        var names = Names.Argument(shell, Resources.Services.Path, required: false);
        var once = new Option<bool>("--once") { Description = "Show it once, after one interval. So it is where the output is no terminal, and where a format is asked for." };
        var interval = new Option<TimeSpan?>("--interval") { Description = "Over which time rates are taken, and how often they are shown [1s].", HelpName = "TIME", CustomParser = Parsed.Optional(Interval) };
        var view = new ViewOptions(Resources.Services.Top, canWatch: false);
        var top = new Verb(
            "top", "Show what services are asked and serve, as it changes, until Ctrl+C.",
            "wisp services top", "wisp services top web --interval 5s", "wisp services top --once --sort -requests-per-second -o json")
        {
            names, once, interval,
        };
        view.AddTo(top);
        return top.Runs(shell, async call =>
        {
            var every = call.Get(interval) ?? UsualInterval;
            var reading = new Reading(call, call.Get(names));
            if ((await reading.NextAsync()).Failed(out var error, out _))
            {
                return error;
            }

            return await view.ShowAsync(
                call,
                async _ =>
                {
                    await Task.Delay(every, shell.Time, call.Cancellation);
                    return await reading.NextAsync();
                },
                byDefault: OutputFormat.Table,
                again: shell.OutputIsTerminal && !call.Get(once) && call.Format is null ? TimeSpan.Zero : null);
        });
    }

    private static Result<TimeSpan> Interval(string text) => Duration.Parse(text).Failed(out var error, out var interval) ? error
        : interval >= TimeSpan.FromMilliseconds(100) ? interval
        : new WispError(ErrorCode.InvalidValue, $"'{text}' is too short for rates.", "Give at least 100ms.");

    // What is counted, each time compared with the time before.
    private sealed class Reading(Invocation call, string[] names)
    {
        private Dictionary<string, JsonObject> _before = [];
        private long _when;

        public async Task<Result<Listing>> NextAsync()
        {
            if ((await call.AskAsync(HttpMethod.Get, Resources.Services.Path + "/metrics", names.Length == 0 ? null : Reference.ToJson(names))).Failed(out var error, out var answer))
            {
                return error;
            }

            var now = call.Shell.Time.GetTimestamp();
            var apart = call.Shell.Time.GetElapsedTime(_when, now);
            JsonObject[] rows = [.. answer.Items.Select(item => TrafficRates.Of(_before.GetValueOrDefault(Key(item)), item, apart))];
            (_before, _when) = (answer.Items.ToDictionary(Key, StringComparer.Ordinal), now);
            return answer with { Items = rows };
        }

        private static string Key(JsonObject item) => $"{Listing.Text(item, "metro")}/{Listing.Text(item, "uuid")}";
    }
}
