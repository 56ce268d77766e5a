using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;

namespace Wisp.Cli.Commands.Instances;

/// <summary><c>wisp instances delete</c>: waits until they are gone.</summary>
internal static class DeleteCommand
{
    private const string Wait = "timeout_s";

    public static Verb Create(Shell shell)
    {
        var noRetain = new Option<bool>("--no-retain") { Description = "Keep nothing of them to be looked at, where the server keeps deleted instances for a while." };
        var delete = DeleteVerb.Create(
            shell, Resources.Instances.Instance, "Delete instances, running or not, with everything they keep.", Resources.Instances.Deleted,
            (call, names) => DeleteAsync(call, names, call.Get(noRetain)));
        delete.Add(noRetain);
        return delete;
    }

    private static async Task<Result<int>> DeleteAsync(Invocation call, IReadOnlyList<string> names, bool noRetain)
    {
        return (await AskAsync(call, names, noRetain ? [("dont_retain", true)] : [])).Failed(out var error, out var answer)
            ? error
            : call.Print.Items(answer, Resources.Instances.Deleted, single: names.Count == 1, byDefault: OutputFormat.Table);
    }

    /// <summary>Deletes instances and waits until they are gone.</summary>
    public static async Task<Result<Listing>> AskAsync(Invocation call, IReadOnlyList<string> names, params IReadOnlyList<(string, JsonNode?)> members)
    {
        var asked = await SendAsync(call, names, [(Wait, -1), .. members]);
        return IsUnheardOf(asked) ? await SendAsync(call, names, members) : asked;
    }

    private static Task<Result<Listing>> SendAsync(Invocation call, IReadOnlyList<string> names, IReadOnlyList<(string, JsonNode?)> members) =>
        call.AskAsync(HttpMethod.Delete, Resources.Instances.Path, Reference.ToJson(names, members));

    // Servers there are that do not know how to wait.
    private static bool IsUnheardOf(Result<Listing> asked) => asked.Failed(out var error, out var answer)
        ? IsUnheardOf(error)
        : answer is { Items.Count: 0, Failures.Count: > 0 } && answer.Failures.All(IsUnheardOf);

    private static bool IsUnheardOf(WispError error) => error.Message.Contains(Wait, StringComparison.Ordinal)
        && (error.Message.Contains("not a valid member", StringComparison.Ordinal) || error.Message.Contains("Unknown member", StringComparison.Ordinal));
}
