using System.CommandLine;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances logs</c>.</summary>
internal static class LogsCommand
{
    public static Verb Create(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "Name or uuid." };
        name.CompletionSources.Add(context => Completion.KnownNames.Find(shell, context, WireLists.Instances, InstancesCommand.Path));
        var follow = new Option<bool>("-f", "--follow") { Description = "Go on until it has stopped, is deleted, or Ctrl+C." };
        var tail = new Option<int?>("--tail") { Description = "Begin with the last N lines.", HelpName = "N", CustomParser = Parsed.Optional(WholeNumber.Parse) };
        return new Verb(
            "logs", "Print what an instance wrote to its console.",
            "wisp instances logs hello", "wisp instances logs hello --tail 20 -f")
        {
            name, follow, tail,
        }.Alias("log").Runs(shell, async call => call.Connect().Failed(out var error, out var client)
            ? error
            : await new LogReader(client, call.Shell, call.Get(name)).RunAsync(call.Get(tail), call.Get(follow), call.Cancellation));
    }
}
