using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Commands.Instances;
using Wisp.Cli.Parsing;
using Wisp.Cli.Resources;
using Wisp.Cli.Writing;

namespace Wisp.Cli.Commands.Volumes;

/// <summary><c>wisp volumes</c>.</summary>
internal static class VolumesCommand
{
    private static readonly Resource Volume = Stores.Volume;

    public static Verb Create(Shell shell) => new Verb("volumes", "See and change volumes: what outlives instances.", "wisp volumes list", "wisp volumes create data --size 10GiB")
    {
        ResourceVerbs.List(shell, Volume), ResourceVerbs.Get(shell, Volume), Make(shell), EditCommand.Create(shell, Volume, VolumeProperties.Volume),
        WaitCommand.CreatePolling(shell, Volume, "state==available"), Clone(shell), AttachCommands.Attach(shell), AttachCommands.Detach(shell), Template(shell),
        DeleteVerb.Create(shell, Volume, "Delete volumes that no instance has, with what is in them.", Stores.Deleted),
    }.Alias("volume", "vol");

    private static Verb Make(Shell shell)
    {
        var name = new NewName();
        var size = new Option<long?>("--size") { Description = "Its size: 10GiB.", HelpName = "SIZE", CustomParser = Parsed.Optional(MemorySize.Parse) };
        var filesystem = new Option<string>("--filesystem") { Description = "What it is formatted with, such as ext4.", HelpName = "NAME" };
        var quota = new Option<string>("--quota-policy") { Description = "static takes its room at once, dynamic as it fills.", HelpName = "POLICY" }.Completes("static", "dynamic");
        var template = Names.Option(shell, "--template", Stores.VolumeTemplate.Path, "A template of volumes to begin from.");
        var tags = new Option<string[]>("--tag") { Description = "A label.", HelpName = "TAG", DefaultValueFactory = _ => [] };
        var writer = new WriterOptions(VolumeProperties.Volume);
        var create = new Verb("create", "Create a volume.", "wisp volumes create data --size 10GiB", "wisp volumes create data --size 1GiB --filesystem ext4 --quota-policy dynamic --dry-run")
        {
            size, filesystem, quota, template, tags,
        };
        name.AddTo(create);
        writer.AddTo(create, makes: true);
        return create.Alias("new").Runs(shell, async call =>
        {
            if (writer.Begin(call).Failed(out var error, out var body))
            {
                return error;
            }

            foreach (var (member, value) in ((string, JsonNode?)[])
            [
                ("name", name.Of(call)), ("size_mb", call.Get(size)), ("filesystem", call.Get(filesystem)), ("quota_policy", call.Get(quota)),
                ("template", call.Get(template) is { } from ? Reference.ToJson(from) : null),
                ("tags", call.Get(tags) is { Length: > 0 } labels ? new JsonArray([.. labels.Select(tag => (JsonNode)tag)]) : null),
            ])
            {
                if (value is not null)
                {
                    body[member] = value;
                }
            }

            return (error = writer.Put(call, body)) is not null || (await writer.FinishAsync(call, HttpMethod.Post, Volume.Path, body)).Failed(out error, out var draft) ? error
                : !draft.Send ? ExitCode.Ok
                : draft.Kept(await call.AskAsync(HttpMethod.Post, Volume.Path, body)).Failed(out error, out var answer) ? error
                : call.Print.Items(answer, Stores.Made, single: true);
        });
    }

    private static Verb Clone(Shell shell)
    {
        var source = Names.Single(shell, "volume", Volume.Path, "Name or uuid of the volume.");
        var name = new Option<string>("-n", "--name") { Description = "Name of the copy; made up when not given.", HelpName = "NAME" };
        return new Verb("clone", "Copy a volume.", "wisp volumes clone data -n data-copy") { source, name }.Runs(shell, call => ResourceVerbs.ChangeAsync(
            call, HttpMethod.Post, Volume.Path + "/clone", [call.Get(source)], Stores.Made, call.Get(name) is { } given ? [("vol_name", given)] : []));
    }

    private static Verb Template(Shell shell)
    {
        var template = Stores.VolumeTemplate;
        var names = Names.Argument(shell, Volume.Path);
        return new Verb("template", "See and make templates of volumes.", "wisp volumes template list", "wisp volumes template create data")
        {
            ResourceVerbs.List(shell, template), ResourceVerbs.Get(shell, template),
            new Verb("create", "Make templates of volumes, which are volumes no more.", "wisp volumes template create data") { names }
                .Alias("new").Runs(shell, call => ResourceVerbs.ChangeAsync(call, HttpMethod.Post, template.Path, call.Get(names), Stores.Made)),
            EditCommand.Create(shell, template, VolumeProperties.Template),
            DeleteVerb.Create(shell, template, "Delete templates of volumes.", Stores.Deleted),
        }.Alias("templates");
    }
}
