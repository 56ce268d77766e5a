using Wisp.Cli.CommandLine;
using Wisp.Cli.Parsing;
using Wisp.Cli.Output;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>history</c> of instances and checkpoints.</summary>
internal static class HistoryCommand
{
    public static Verb Create(Shell shell, Resource resource)
    {
        var names = Names.Argument(shell, resource.Path);
        var view = new ViewOptions(Resources.Instances.History);
        var history = new Verb("history", $"Show the checkpoints that {resource.Plural} descend from, newest first.", $"{resource.Command} history hello", $"{resource.Command} history hello -o json") { names };
        view.AddTo(history);
        return history.Runs(shell, call => view.ShowAsync(
            call, _ => call.AskAsync(HttpMethod.Get, resource.Path + "/history", Reference.ToJson(call.Get(names))), single: call.Get(names).Length == 1, byDefault: OutputFormat.Table));
    }
}
