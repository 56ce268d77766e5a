using System.CommandLine;
using Spectre.Console;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances delete</c>.</summary>
internal static class DeleteCommand
{
    public static Verb Create(Shell shell)
    {
        var names = Names.Argument(shell, required: false);
        var all = new Option<bool>("--all") { Description = "Every instance of the node; asks first." };
        var force = new Option<bool>("--force") { Description = "Do not ask." };
        var delete = new Verb(
            "delete", "Delete instances, running or not, with everything they keep.",
            "wisp instances delete hello", "wisp instances rm hello shop", "wisp instances delete --all --force")
        {
            names, all, force,
        }.Alias("rm", "remove").Runs(shell, call => DeleteAsync(call, call.Get(names), call.Get(all), call.Get(force)));
        delete.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(names)?.Length > 0))
            {
                result.AddError("Name the instances to delete, or say --all.");
            }
        });
        return delete;
    }

    private static async Task<Result<int>> DeleteAsync(Invocation call, IReadOnlyList<string> names, bool all, bool force)
    {
        WispError? error;
        if (all)
        {
            if ((await call.AskAsync(WireLists.Instances, HttpMethod.Get, InstancesCommand.Path)).Failed(out error, out var listed))
            {
                return error;
            }

            names = [.. listed.Items.Select(item => item.Uuid!)];
            if (names.Count == 0)
            {
                return ExitCode.Ok;
            }

            if (!force && (await AskAsync(call, names.Count)).Failed(out error))
            {
                return error;
            }
        }

        return (await call.AskAsync(WireLists.Transitions, HttpMethod.Delete, InstancesCommand.Path, Reference.ToJson(names))).Failed(out error, out var answer)
            ? error
            : call.Print.Items(answer, InstanceLayout.Deleted, single: names.Count == 1, byDefault: Output.OutputFormat.Table);
    }

    private static async Task<Result> AskAsync(Invocation call, int count) =>
        call.Shell is { OutputIsTerminal: true, ErrorIsTerminal: true } && !Console.IsInputRedirected
            && await call.Shell.ProgressConsole.PromptAsync(new ConfirmationPrompt($"Delete all {count} instances?") { DefaultValue = false }, call.Cancellation)
            ? Result.Success
            : new WispError(ErrorCode.OperationFailed, $"Deleting all {count} instances was not confirmed.", "Say --force to do it without a question.");
}
