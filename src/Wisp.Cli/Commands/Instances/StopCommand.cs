using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances stop</c>.</summary>
internal static class StopCommand
{
    public static Verb Create(Shell shell)
    {
        var names = Names.Argument(shell);
        var force = new Option<bool>("--force") { Description = "Kill them: the application hears nothing and finishes nothing." };
        var drain = DrainOption();
        return new Verb(
            "stop", "Stop instances: they finish what is open, then their application gets its stop signal.",
            "wisp instances stop hello", "wisp instances stop hello shop --drain-timeout 5s", "wisp instances stop hello --force")
        {
            names, force, drain,
        }.Runs(shell, async call => call.Get(force) && call.Get(drain) is not null
            ? new WispError(ErrorCode.NotBoth, "--force and --drain-timeout exclude each other.", "Drop one of the two.")
            : await InstancesCommand.ChangeAsync(
                call, "stop", call.Get(names), call.Get(force) ? ("force", true) : ("drain_timeout_ms", Milliseconds(call.Get(drain)))));
    }

    public static Option<TimeSpan?> DrainOption() => new("--drain-timeout")
    {
        Description = "How long open requests may take to finish; as long as the platform allows when not given.",
        HelpName = "TIME",
        CustomParser = Parsed.Optional(Duration.Parse),
    };

    /// <summary>As the API takes it; -1 is the platform's maximum.</summary>
    public static JsonNode Milliseconds(TimeSpan? drain) => drain is { } given ? (long)given.TotalMilliseconds : -1L;
}
