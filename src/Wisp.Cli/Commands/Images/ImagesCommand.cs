using System.CommandLine;
using System.Text.Json.Nodes;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Cli.Resources;

namespace Wisp.Cli.Commands.Images;

/// <summary><c>wisp images</c>.</summary>
internal static class ImagesCommand
{
    private static readonly Resource Image = Resources.Images.Image;

    public static Verb Create(Shell shell) => new Verb("images", "Build images, and see what instances can be made of.", "wisp images list", "sudo wisp images build ./shop -t shop")
    {
        BuildCommand.Create(shell, "wisp images build"), List(shell), Get(shell), Delete(shell),
    }.Alias("image", "img");

    private static Verb List(Shell shell)
    {
        var space = new Option<string>("--namespace") { Description = "Only of this namespace: the part of the name before the slash.", HelpName = "NAME" };
        var view = new ViewOptions(Image.Fields);
        var list = new Verb("list", "List the images of the node, newest first.", "wisp images list", "wisp images list -o quiet", "wisp images list --namespace acme --sort -size") { space };
        view.AddTo(list);
        return list.Alias("ls").Runs(shell, call => view.ShowAsync(call, async _ =>
            (await call.AskAsync(HttpMethod.Get, Image.Path)).Failed(out var error, out var answer) ? error
            : call.Get(space) is not { } wanted ? answer
            : answer with { Items = [.. answer.Items.Where(item => IsIn(item, wanted))] }));
    }

    private static Verb Get(Shell shell)
    {
        var names = new Argument<string[]>("name") { Description = "Names, with or without :tag.", Arity = ArgumentArity.OneOrMore };
        var view = new ViewOptions(Image.Fields);
        var get = new Verb("get", "Show everything that is known of images.", "wisp images get hello", "wisp images get hello -o yaml") { names };
        view.AddTo(get);
        return get.Alias("inspect", "show").Runs(shell, call => view.ShowAsync(
            call,
            async _ =>
            {
                if ((await call.AskAsync(HttpMethod.Get, Image.Path)).Failed(out var error, out var answer))
                {
                    return error;
                }

                var wanted = call.Get(names);
                return answer with
                {
                    Items = [.. answer.Items.Where(item => wanted.Any(name => Resources.Images.IsCalled(item, name)))],
                    Failures = [.. wanted.Where(name => !answer.Items.Any(item => Resources.Images.IsCalled(item, name)))
                        .Select(NotThere)],
                };
            },
            single: call.Get(names).Length == 1, byDefault: OutputFormat.Kv));
    }

    private static Verb Delete(Shell shell)
    {
        var names = new Argument<string[]>("name") { Description = "Names, with or without :tag. All tags of the image go with it.", Arity = ArgumentArity.OneOrMore };
        return new Verb("delete", "Remove images that nothing is made of.", "wisp images delete hello", "wisp images rm hello:v1 shop") { names }
            .Alias("rm", "remove").Runs(shell, async call =>
            {
                if ((await call.AskAsync(HttpMethod.Get, Image.Path)).Failed(out var error, out var answer))
                {
                    return error;
                }

                var wanted = call.Get(names);
                var failures = wanted.Where(name => !answer.Items.Any(item => Resources.Images.IsCalled(item, name))).Select(NotThere).ToArray();
                var uuids = answer.Items.Where(item => wanted.Any(name => Resources.Images.IsCalled(item, name))).Select(item => item["uuid"]!.ToString()).Distinct().ToArray();
                if (uuids.Length == 0)
                {
                    return failures[0];
                }

                return (await call.AskAsync(HttpMethod.Delete, Image.Path, new JsonArray([.. uuids.Select(uuid => new JsonObject { ["uuid"] = uuid })]))).Failed(out error, out answer)
                    ? error
                    : call.Print.Items(answer with { Failures = [.. failures, .. answer.Failures] }, Resources.Images.Removed, single: wanted.Length == 1, byDefault: OutputFormat.Table);
            });
    }

    private static WispError NotThere(string name) => new(ErrorCode.NotFound, $"There is no image '{name}'.", "See them with 'wisp images list'.");

    private static bool IsIn(JsonObject image, string space) =>
        (image["tags"] as JsonArray ?? []).OfType<JsonNode>().Any(tag => tag.ToString().StartsWith(space + "/", StringComparison.Ordinal));
}
