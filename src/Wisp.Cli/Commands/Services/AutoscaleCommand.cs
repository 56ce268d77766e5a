using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Services;

/// <summary><c>wisp services autoscale</c>: how service groups grow and shrink by themselves.</summary>
internal static class AutoscaleCommand
{
    private static readonly Resource Configuration = Autoscale.Configuration;

    public static Verb Create(Shell shell) => new Verb(
        "autoscale", "See and change how services grow and shrink by themselves.",
        "wisp services autoscale set web --template mould --max-size 8", "wisp services autoscale policies add web more --type on_demand")
    {
        ResourceVerbs.Get(shell, Configuration), Set(shell), Remove(shell), PoliciesCommand.Create(shell),
    };

    private static Verb Set(Shell shell)
    {
        var name = Names.Single(shell, "service", Resources.Services.Path, "Name or uuid of the service group.");
        var min = Count("--min-size", "Fewest instances [1].");
        var max = Count("--max-size", "Most instances, 16 at most [10].");
        var warmup = Time("--warmup-time", "How long nothing is decided after instances were added [1s].");
        var cooldown = Time("--cooldown-time", "How long nothing is decided after instances were taken away, and how long these may finish what they have [1s].");
        var template = Names.Option(shell, "--template", "/v1/instances/templates", "What new instances are made of; a branch of the oldest instance when not given.");
        var watermark = new Option<double?>("--high-watermark")
        {
            Description = "Part of the most from which on answers carry a warning; 0 is off.", HelpName = "PART", CustomParser = Parsed.Optional(ParsePart),
        };
        return new Verb(
            "set", "Let a service grow and shrink, or change how; what is not given stays.",
            "wisp services autoscale set web --template mould --min-size 1 --max-size 8", "wisp services autoscale set web --max-size 12 --cooldown-time 30s")
        {
            name, min, max, warmup, cooldown, template, watermark,
        }.Runs(shell, async call =>
        {
            var body = Reference.ToJson(call.Get(name));
            foreach (var (member, value) in ((string, JsonNode?)[])
                [
                    ("min_size", call.Get(min)), ("max_size", call.Get(max)), ("warmup_time_ms", Milliseconds(call.Get(warmup))), ("cooldown_time_ms", Milliseconds(call.Get(cooldown))),
                    ("create_args", call.Get(template) is { } mould ? new JsonObject { ["template"] = Reference.ToJson(mould) } : null), ("high_watermark", call.Get(watermark)),
                ])
            {
                if (value is not null)
                {
                    body[member] = value;
                }
            }

            return (await call.AskAsync(HttpMethod.Put, Configuration.Path, new JsonArray(body))).Failed(out var error, out var answer)
                ? error
                : call.Print.Items(answer, Configuration.Fields, single: true, byDefault: OutputFormat.Kv);
        });
    }

    private static Verb Remove(Shell shell)
    {
        var names = Names.Argument(shell, Resources.Services.Path);
        return new Verb("delete", "End it: instances that were added finish what they have and go.", "wisp services autoscale delete web") { names }
            .Alias("rm", "remove")
            .Runs(shell, call => ResourceVerbs.ChangeAsync(call, HttpMethod.Delete, Configuration.Path, call.Get(names), Resources.Services.Deleted));
    }

    private static Option<int?> Count(string name, string description) => new(name) { Description = description, HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };

    private static Option<TimeSpan?> Time(string name, string description) => new(name) { Description = description, HelpName = "TIME", CustomParser = Parsed.Optional(Duration.Parse) };

    private static JsonNode? Milliseconds(TimeSpan? time) => time is { } given ? (long)given.TotalMilliseconds : null;

    private static Result<double> ParsePart(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part)
        ? part
        : new WispError(ErrorCode.InvalidValue, $"'{text}' is no part.", "Write 0.8, for example.");
}
