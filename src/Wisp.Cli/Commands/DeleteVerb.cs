using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Fields;
using Wisp.Cli.Output;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands;

/// <summary><c>delete</c>: what is named, all, or that for which a condition holds.</summary>
internal static class DeleteVerb
{
    /// <param name="shell">Where it is typed.</param>
    /// <param name="resource">What is deleted.</param>
    /// <param name="description">What that means.</param>
    /// <param name="deleted">What is shown of what is gone.</param>
    /// <param name="deleteAsync">Deletes what was chosen, where there is more to it than naming it.</param>
    public static Verb Create(
        Shell shell, Resource resource, string description, FieldSet deleted, Func<Invocation, IReadOnlyList<string>, Task<Result<int>>>? deleteAsync = null)
    {
        var names = Names.Argument(shell, resource.Path, required: false);
        var all = new Option<bool>("--all") { Description = "Every one that there is; asks first." };
        var filters = new Option<IReadOnlyList<Filter>>("--filter")
        {
            Description = "Those for which this holds, such as name~=^test; asks first.", HelpName = "CONDITION", CustomParser = Parsed.Many(Filter.Parse), Arity = ArgumentArity.OneOrMore,
        };
        var force = new Option<bool>("--force") { Description = "Do not ask." };
        var delete = new Verb(
            "delete", description,
            $"{resource.Command} delete {resource.Example}", $"{resource.Command} rm {resource.Example} other", $"{resource.Command} delete --filter name~=^test --force",
            $"{resource.Command} delete --all --force")
        {
            names, all, filters, force,
        };
        delete.Validators.Add(result =>
        {
            if (new[] { result.GetValue(all), result.GetValue(names)?.Length > 0, result.GetResult(filters) is not null }.Count(given => given) != 1)
            {
                result.AddError($"Name the {resource.Plural} to delete, or say --all or --filter.");
            }
        });
        return delete.Alias("rm", "remove").Runs(shell, async call =>
        {
            IReadOnlyList<string> chosen = call.Get(names);
            if (chosen.Count == 0)
            {
                if ((await FindAsync(call, resource, call.Get(filters) ?? [])).Failed(out var error, out var found))
                {
                    return error;
                }

                if (found.Length == 0)
                {
                    return ExitCode.Ok;
                }

                if (!call.Get(force) && (await AskAsync(call, found.Length, resource)).Failed(out error))
                {
                    return error;
                }

                chosen = found;
            }

            return await (deleteAsync?.Invoke(call, chosen) ?? ResourceVerbs.ChangeAsync(call, HttpMethod.Delete, resource.Path, chosen, deleted));
        });
    }

    private static async Task<Result<string[]>> FindAsync(Invocation call, Resource resource, IReadOnlyList<Filter> filters)
    {
        var view = new View(resource.Fields, [], filters, []);
        if (view.Check() is { } error || (await call.AskAsync(HttpMethod.Get, resource.Path)).Failed(out error, out var listed))
        {
            return error;
        }

        return view.Apply(listed.Items).Select(Key).OfType<string>().ToArray();
    }

    // With its metro, so that nobody has to look for it.
    private static string? Key(JsonObject item) => Listing.Text(item, "uuid") is not { } uuid ? null : Listing.Text(item, "metro") is { } metro ? $"{metro}/{uuid}" : uuid;

    private static async Task<Result> AskAsync(Invocation call, int count, Resource resource) =>
        call.Shell is { InputIsTerminal: true, OutputIsTerminal: true, ErrorIsTerminal: true }
            && await call.Shell.ProgressConsole.PromptAsync(new ConfirmationPrompt($"Delete {Words.Count(count, resource.Singular)}?") { DefaultValue = false }, call.Cancellation)
            ? Result.Success
            : new WispError(ErrorCode.OperationFailed, $"Deleting {Words.Count(count, resource.Singular)} was not confirmed.", "Say --force to do it without a question.");
}
