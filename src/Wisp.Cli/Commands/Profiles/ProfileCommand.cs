using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Configuration;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Profiles;

/// <summary><c>wisp profile</c> and <c>wisp config</c>.</summary>
internal static class ProfileCommand
{
    public static Verb Create(Shell shell)
    {
        var listView = new ViewOptions(Account.Profile.Fields);
        var list = new Verb("list", "List profiles; 'node' is the node of the data directory and always there.", "wisp profile list", "wisp profile list -o quiet");
        listView.AddTo(list);
        list.Alias("ls").Runs(shell, call => listView.ShowAsync(call, _ => Task.FromResult(Load(call))));

        var getName = NameArgument(shell, ArgumentArity.ZeroOrOne);
        var getView = new ViewOptions(Account.Profile.Fields);
        var get = new Verb("get", "Show a profile, or the one in use.", "wisp profile get", "wisp profile get work -o yaml") { getName };
        getView.AddTo(get);
        get.Alias("show").Runs(shell, call => getView.ShowAsync(call, _ => Task.FromResult(One(call, call.Find(getName))), single: true));

        var useName = NameArgument(shell, ArgumentArity.ExactlyOne);
        var use = new Verb("use", "Use a profile from now on.", "wisp profile use work", "wisp profile use node") { useName }.Runs(shell, call => Task.FromResult(Use(call, call.Find(useName)!)));
        return new Verb("profile", "See and choose profiles: which servers, and as whom.", "wisp profile list", "wisp profile use work") { list, get, use }.Alias("profiles");
    }

    /// <summary><c>wisp config get</c>.</summary>
    public static Verb CreateConfig(Shell shell) => new Verb("config", "See the configuration file.", "wisp config get")
    {
        new Verb("get", "Print the configuration, without tokens.", "wisp config get", "wisp config get -o json").Runs(shell, call =>
        {
            if (ConfigFile.Load(call.Where.Config, shell.Variable).Failed(out var error, out var config))
            {
                return Task.FromResult<Result<int>>(error);
            }

            var root = (JsonObject)config.Root.DeepClone();
            foreach (var settings in (root["profiles"] as JsonObject ?? []).Select(pair => pair.Value).OfType<JsonObject>())
            {
                Hide(settings);
            }

            shell.Error.WriteLine(File.Exists(config.Path) ? $"# {config.Path}" : $"# {config.Path} is not there yet.");
            shell.Output.WriteLine(call.Format is OutputFormat.Json or OutputFormat.Raw ? root.ToJsonString(Json.Indented) : Yaml.Write(root).TrimEnd('\n'));
            return Task.FromResult<Result<int>>(ExitCode.Ok);
        }),
    };

    private static Argument<string?> NameArgument(Shell shell, ArgumentArity arity)
    {
        var name = new Argument<string?>("profile") { Description = "Name of the profile.", Arity = arity };
        name.CompletionSources.Add(_ => ConfigFile.Load(null, shell.Variable).Failed(out var _, out var config)
            ? []
            : config.Profiles.Select(profile => profile.Name).Append(Profile.OfNode).Select(known => new System.CommandLine.Completions.CompletionItem(known)));
        return name;
    }

    private static Result<Listing> Load(Invocation call)
    {
        if (ConfigFile.Load(call.Where.Config, call.Shell.Variable).Failed(out var error, out var config))
        {
            return error;
        }

        var current = call.Where.Profile ?? call.Shell.Variable(ConfigFile.ProfileVariable) ?? config.Current ?? Profile.OfNode;
        JsonObject[] items = [.. config.Profiles.Where(profile => profile.Name != Profile.OfNode).Append(new Profile(Profile.OfNode, [])).Select(profile =>
        {
            var item = (JsonObject)profile.Settings.DeepClone();
            Hide(item);
            item["name"] = profile.Name;
            item["current"] = profile.Name == current;
            return item;
        })];
        var document = new JsonObject { ["profiles"] = new JsonArray([.. items.Select(item => item.DeepClone())]) };
        return new Listing(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString(Json.Relaxed)), items, []);
    }

    private static Result<Listing> One(Invocation call, string? name) =>
        Load(call).Failed(out var error, out var all) ? error
        : all.Items.Where(item => name is null ? (bool)item["current"]! : (string?)item["name"] == name).ToArray() is { Length: > 0 } found ? all with { Items = found }
        : new WispError(ErrorCode.NotFound, $"There is no profile '{name}'.", "See them with 'wisp profile list'.");

    private static Result<int> Use(Invocation call, string name)
    {
        if (ConfigFile.Load(call.Where.Config, call.Shell.Variable).Failed(out var error, out var config)
            || (name != Profile.OfNode && config.Find(name).Failed(out error, out _)))
        {
            return error;
        }

        config.Use(name);
        if (config.Save().Failed(out error))
        {
            return error;
        }

        call.Shell.Error.WriteLine($"Profile '{name}' is used from now on.");
        return ExitCode.Ok;
    }

    // Whoever looks over a shoulder sees that there is one.
    private static void Hide(JsonObject settings)
    {
        if (settings["token"] is JsonValue)
        {
            settings["token"] = "(hidden)";
        }
    }
}
