using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;

namespace Wisp.Cli.Writing;

/// <summary>Options of commands that write resources, whatever the field: set, add, del, from files and into them, or not at all.</summary>
/// <param name="properties">What can be written.</param>
internal sealed class WriterOptions(PropertySet properties)
{
    private readonly Option<string[]> _set = Option("--set", "Set a field: resources.memory=256MiB, tags=a.", "FIELD=VALUE");
    private readonly Option<string[]> _add = Option("--add", "Add to a field that holds several: env=STAGE=live.", "FIELD=VALUE");
    private readonly Option<string[]> _del = Option("--del", "Take from a field that holds several, or all of it: env=STAGE, hostname.", "FIELD[=NAME]");
    private readonly Option<string[]> _setFile = Option("--set-file", "Set a field to what is in a file.", "FIELD=FILE");
    private readonly Option<string[]> _addFile = Option("--add-file", "Add what is in a file.", "FIELD=FILE");
    private readonly Option<string[]> _delFile = Option("--del-file", "Take away what a file names.", "FIELD=FILE");
    private readonly Option<string> _load = new("--load") { Description = "Begin with what a YAML file says; '-' is standard input.", HelpName = "FILE" };
    private readonly Option<string> _save = new("--save") { Description = "Write what is asked for into a YAML file, for --load; '-' is standard output.", HelpName = "FILE" };
    private readonly Option<bool> _visual = new("--visual") { Description = "Open what is about to be sent in $VISUAL or $EDITOR, as YAML, and send what is there then." };
    private readonly Option<string> _cmd = new("--cmd") { Description = "Pipe what is about to be sent through a command, as YAML, and send what it prints.", HelpName = "COMMAND" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the request instead of sending it." };

    /// <summary>Lets them be given.</summary>
    /// <param name="command">Where.</param>
    /// <param name="makes">True for a command that makes something, which a file can describe.</param>
    public void AddTo(Command command, bool makes)
    {
        var names = properties.All.Where(property => (makes ? property.Member : property.Change) is not null).Select(property => property.Name + "=").ToArray();
        foreach (var option in (Option<string[]>[])[_set, _add, _del, _setFile, _addFile, _delFile])
        {
            option.CompletionSources.Add(names);
            command.Add(option);
        }

        foreach (var option in makes ? (Option[])[_load, _save, _visual, _cmd, _dryRun] : [_visual, _cmd, _dryRun])
        {
            command.Add(option);
        }
    }

    /// <summary>True when one of them says what to write.</summary>
    public bool Given(System.CommandLine.Parsing.CommandResult result) =>
        ((Option[])[_set, _add, _del, _setFile, _addFile, _delFile, _load, _visual, _cmd]).Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>True when a document of it is to be changed.</summary>
    public bool Edits(Invocation call) => call.Get(_visual) || call.Get(_cmd) is not null;

    /// <summary>Whether somebody can be asked who is to be.</summary>
    public WispError? Check(Invocation call) => call.Get(_visual) ? new DocumentEditor(call.Shell).Check() : null;

    /// <summary>True when nothing is sent.</summary>
    public bool DryRun(Invocation call) => call.Get(_dryRun);

    /// <summary>What was typed.</summary>
    public Result<IReadOnlyList<Assignment>> Assignments(Invocation call)
    {
        var all = new List<Assignment>();
        foreach (var (option, operation, parse) in (ReadOnlySpan<(Option<string[]>, Operation, Func<Operation, string, Result<Assignment>>)>)
        [
            (_set, Operation.Set, Assignment.Parse), (_setFile, Operation.Set, Assignment.OfFile), (_add, Operation.Add, Assignment.Parse),
            (_addFile, Operation.Add, Assignment.OfFile), (_del, Operation.Del, Assignment.Parse), (_delFile, Operation.Del, Assignment.OfFile),
        ])
        {
            foreach (var text in call.Get(option) ?? [])
            {
                if (parse(operation, text).Failed(out var error, out var assignment))
                {
                    return error;
                }

                all.Add(assignment);
            }
        }

        return all;
    }

    /// <summary>What the file says that a request begins with; an empty request where there is none.</summary>
    public Result<JsonObject> Begin(Invocation call)
    {
        var request = new JsonObject();
        if (Check(call) is { } nobody)
        {
            return nobody;
        }

        if (call.Get(_load) is not { } file)
        {
            return request;
        }

        string text;
        try
        {
            text = file == "-" ? call.Shell.Input.ReadToEnd() : File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.InvalidValue, $"Cannot read '{file}': {exception.Message}", "Name a file that --save has written, or '-'.");
        }

        return Yaml.Read(text).Failed(out var error, out var root) ? error with { Message = $"{file}: {error.Message}" }
            : root is not JsonObject map ? new WispError(ErrorCode.Malformed, $"{file} has no fields with values.", "Write 'image: hello' and so on, or let --save write one.")
            : properties.Load(request, map) is { } wrong ? wrong with { Message = $"{file}: {wrong.Message}" }
            : request;
    }

    /// <summary>Puts in what was typed with these options.</summary>
    public WispError? Put(Invocation call, JsonObject request) =>
        Assignments(call).Failed(out var error, out var assignments) ? error : properties.Put(request, assignments);

    /// <summary>Lets a document be changed, by a command, in an editor, or both.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="document">What it says now.</param>
    /// <param name="about">What the editor is told of it.</param>
    /// <returns>The text, and what it says; null where there is nothing in it.</returns>
    public async Task<Result<(string Text, JsonObject? Document)>> EditAsync(Invocation call, JsonObject document, params IReadOnlyList<string> about)
    {
        var editor = new DocumentEditor(call.Shell);
        var text = document.Count == 0 ? "" : Yaml.Write(document);
        WispError? error = null;
        if (call.Get(_cmd) is { } command && (await editor.PipeAsync(text, command, call.Cancellation)).Failed(out error, out text)
            || call.Get(_visual) && (await editor.OpenAsync(string.Concat(about.Select(line => $"# {line}\n")) + text, call.Cancellation)).Failed(out error, out text))
        {
            return error;
        }

        return Yaml.Read(text).Failed(out error, out var root) ? Draft.Keep(text, error)
            : root is null or JsonObject ? (text, (JsonObject?)root)
            : Draft.Keep(text, new WispError(ErrorCode.Malformed, "The document has no fields with values."));
    }

    /// <summary>Lets a request be changed as a document, writes it into the file that was named, and says whether it is to be sent.</summary>
    public async Task<Result<Draft>> FinishAsync(Invocation call, HttpMethod method, string path, JsonObject request)
    {
        string? written = null;
        if (Edits(call))
        {
            if ((await EditAsync(call, properties.Save(request), "What is here is made when the editor is left; nothing, where nothing is here.")).Failed(out var error, out var edited))
            {
                return error;
            }

            if (edited.Document is not { Count: > 0 } document)
            {
                call.Shell.Error.WriteLine("Nothing is written; nothing was sent.");
                return new Draft(false, null);
            }

            written = edited.Text;
            if (properties.Replace(request, document) is { } wrong)
            {
                return Draft.Keep(written, wrong);
            }
        }

        if (call.Get(_save) is { } file)
        {
            var text = Yaml.Write(properties.Save(request));
            try
            {
                if (file == "-")
                {
                    call.Shell.Output.Write(text);
                }
                else
                {
                    File.WriteAllText(file, text);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new WispError(ErrorCode.OperationFailed, $"Cannot write '{file}': {exception.Message}", "Name another file.");
            }
        }

        return new Draft(!ShowInstead(call, method, path, request), written);
    }

    /// <summary>Prints a request where it is not to be sent.</summary>
    public bool ShowInstead(Invocation call, HttpMethod method, string path, JsonNode request)
    {
        if (!DryRun(call))
        {
            return false;
        }

        call.Shell.Error.WriteLine($"Not sent: {method} {path}");
        call.Shell.Output.WriteLine(call.Format == OutputFormat.Yaml ? Yaml.Write(request).TrimEnd('\n') : request.ToJsonString(Json.Indented));
        return true;
    }

    private static Option<string[]> Option(string name, string description, string help) => new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => [] };
}
