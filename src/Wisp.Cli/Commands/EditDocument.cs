using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands;

/// <summary><c>edit --visual</c> and <c>edit --cmd</c>: all that can be changed is a document, and what was changed in it is sent.</summary>
internal static class EditDocument
{
    public static async Task<Result<int>> RunAsync(Invocation call, Resource resource, PropertySet properties, WriterOptions writer, IEnumerable<string> names)
    {
        var code = ExitCode.Ok;
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if ((await EditAsync(call, resource, properties, writer, name)).Failed(out var error, out var edited))
            {
                return error;
            }

            code = code == ExitCode.Ok ? edited : code;
        }

        return code;
    }

    private static async Task<Result<int>> EditAsync(Invocation call, Resource resource, PropertySet properties, WriterOptions writer, string name)
    {
        if (writer.Check(call) is { } error || (await call.AskAsync(HttpMethod.Get, resource.Path, Reference.ToJson([name]))).Failed(out error, out var found))
        {
            return error;
        }

        if (found.Items is not [var item, ..])
        {
            return call.Print.Items(found, resource.Fields, single: true);
        }

        var edited = new EditedResource(properties);
        var before = edited.Show(item);
        if ((await writer.EditAsync(
            call, before, $"{resource.Singular} '{name}': what is changed here is sent when the editor is left.", $"Not set: {string.Join(", ", edited.NotIn(before))}.")).Failed(out error, out var written))
        {
            return error;
        }

        // An empty document is somebody who thought better of it, not one who wants all gone.
        if (written.Document is not { Count: > 0 } after)
        {
            call.Shell.Error.WriteLine($"Nothing is written; {resource.Singular} '{name}' is as it was.");
            return ExitCode.Ok;
        }

        if (edited.Between(before, after).Failed(out error, out var changes))
        {
            return Draft.Keep(written.Text, error);
        }

        if (changes.Count == 0)
        {
            call.Shell.Error.WriteLine($"Nothing was changed; {resource.Singular} '{name}' is as it was.");
            return ExitCode.Ok;
        }

        var body = EditCommand.Body([name], changes);
        if (writer.ShowInstead(call, HttpMethod.Patch, resource.Path, body))
        {
            return ExitCode.Ok;
        }

        if (new Draft(true, written.Text).Kept(await call.AskAsync(HttpMethod.Patch, resource.Path, body)).Failed(out error, out var answer))
        {
            return error;
        }

        var code = call.Print.Items(answer, Resources.Instances.Changed, byDefault: OutputFormat.Table);
        await EditCommand.SayWaitingAsync(call, resource, [name], changes);
        return code;
    }
}
