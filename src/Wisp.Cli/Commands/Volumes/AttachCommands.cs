using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands.Volumes;

/// <summary><c>attach</c> and <c>detach</c> of volumes; <c>instances edit --add volumes=…</c> is the same.</summary>
internal static class AttachCommands
{
    private static readonly string Path = Stores.Volume.Path;

    public static Verb Attach(Shell shell)
    {
        var volume = Names.Single(shell, "volume", Path, "Name or uuid of the volume.");
        var to = Names.Option(shell, "--to", Resources.Instances.Path, "The instance that gets it.");
        var at = new Option<string>("--at") { Description = "Where the instance has it.", HelpName = "PATH", Required = true };
        var readOnly = new Option<bool>("--readonly") { Description = "It cannot write." };
        to.Required = true;
        return new Verb("attach", "Attach a volume to an instance.", "wisp volumes attach data --to hello --at /data", "wisp volumes attach data --to hello --at /data --readonly") { volume, to, at, readOnly }
            .Runs(shell, call => SendAsync(call, null, "attach", AttachBody(new VolumeSpec(call.Get(volume), call.Get(at)!, call.Get(readOnly), null), call.Get(to)!)));
    }

    public static Verb Detach(Shell shell)
    {
        var volume = Names.Single(shell, "volume", Path, "Name or uuid of the volume.");
        var from = Names.Option(shell, "--from", Resources.Instances.Path, "The instance that has it; all when not given.");
        return new Verb("detach", "Take a volume away from an instance.", "wisp volumes detach data --from hello", "wisp volumes detach data") { volume, from }
            .Runs(shell, call => SendAsync(call, null, "detach", DetachBody(call.Get(volume), call.Get(from))));
    }

    /// <summary>What <c>instances edit</c> says of volumes.</summary>
    public static async Task<Result<int>> FromEditAsync(Invocation call, WriterOptions writer, string[] instances, Assignment assignment)
    {
        var code = ExitCode.Ok;
        foreach (var instance in instances)
        {
            WispError? error;
            var body = DetachBody(assignment.Value ?? "", instance);
            if (assignment.Operation == Operation.Del && assignment.Value is null)
            {
                return new WispError(ErrorCode.IdentifierMissing, "--del volumes does not say which one.", "Write --del volumes=NAME.");
            }

            if (assignment.Operation != Operation.Del)
            {
                if (VolumeSpec.Parse(assignment.Value ?? "").Failed(out error, out var spec))
                {
                    return error;
                }

                body = AttachBody(spec, instance);
            }

            if ((await SendAsync(call, writer, assignment.Operation == Operation.Del ? "detach" : "attach", body)).Failed(out error, out var sent))
            {
                return error;
            }

            code = code == ExitCode.Ok ? sent : code;
        }

        return code;
    }

    private static JsonObject AttachBody(VolumeSpec volume, string instance)
    {
        var body = volume.ToJson();
        body["attach_to"] = Reference.ToJson(instance);
        return body;
    }

    private static JsonObject DetachBody(string volume, string? instance)
    {
        var body = Reference.ToJson(volume);
        if (instance is not null)
        {
            body["from"] = Reference.ToJson(instance);
        }

        return body;
    }

    private static async Task<Result<int>> SendAsync(Invocation call, WriterOptions? writer, string verb, JsonObject item)
    {
        var body = new JsonArray(item);
        return writer?.ShowInstead(call, HttpMethod.Put, $"{Path}/{verb}", body) == true ? ExitCode.Ok
            : (await call.AskAsync(HttpMethod.Put, $"{Path}/{verb}", body)).Failed(out var error, out var answer) ? error
            : call.Print.Items(answer, Stores.Made, byDefault: OutputFormat.Table);
    }
}
