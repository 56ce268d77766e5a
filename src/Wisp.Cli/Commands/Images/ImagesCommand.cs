using Wisp.Cli.CommandLine;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Contracts.Images;

namespace Wisp.Cli.Commands.Images;

/// <summary><c>wisp images</c>.</summary>
internal static class ImagesCommand
{
    public static Verb Create(Shell shell) => new Verb("images", "See what instances can be made of.", "wisp images list")
    {
        new Verb("list", "List the images of the node, newest first.", "wisp images list", "wisp images list -o quiet")
            .Alias("ls")
            .Runs(shell, call => ListAsync(call, LayoutFor(shell.Time))),
    }.Alias("image", "img");

    private static async Task<Result<int>> ListAsync(Invocation call, Layout<Image> layout) =>
        (await call.AskAsync(WireLists.Images, HttpMethod.Get, "/v1/images")).Failed(out var error, out var answer)
            ? error
            : call.Print.Items(answer, layout);

    private static Layout<Image> LayoutFor(TimeProvider clock)
    {
        Column<Image> name = new("image", image => image.Tags is { Count: > 0 } tags ? string.Join(", ", tags) : image.Url, Long: true);
        Column<Image> size = new("size", image => image.SizeInBytes is { } bytes ? Words.Bytes(bytes) : null);
        Column<Image> created = new("created", image => Words.Ago(image.CreatedAt, clock));
        return new Layout<Image>(
            image => image.Tags is [var first, ..] ? first : image.Url,
            [name, new("digest", image => Words.Image(image.Url)?.Split('@').Last()), size, created],
            [
                name, new("url", image => image.Url), size, created,
                new("args", image => image.Args is { } args ? string.Join(' ', args.Select(Words.Quote)) : null),
                new("env", image => image.Env is { } env ? string.Join(' ', env.Select(pair => Words.Quote($"{pair.Key}={pair.Value}"))) : null),
            ]);
    }
}
