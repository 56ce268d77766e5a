using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Wisp.Images.Bases;
using Wisp.Images.Building;
using Wisp.Images.References;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Images;

/// <summary>Builds with buildah, converts to erofs, and remembers by input what came out.</summary>
/// <param name="store">Where images go.</param>
/// <param name="tools">Runs buildah and mkfs.erofs.</param>
/// <param name="cache">What can be made again: buildah's storage, base images, earlier results. Null is the host's cache directory.</param>
public sealed partial class BuildahImageBuilder(ImageStore store, IToolRunner tools, string? cache = null) : IImageBuilder
{
    // Goes into the key of every build: raise it when the same input gives another image.
    private const string Version = "1";

    private readonly string _cache = cache ?? DataDirectory.CacheDirectory;
    private readonly Buildah _buildah = new(Path.Combine(cache ?? DataDirectory.CacheDirectory, "buildah"), tools);

    /// <inheritdoc/>
    public async Task<Result<BuiltImage>> BuildAsync(BuildRequest request, IProgress<BuildEvent>? progress, CancellationToken cancellation)
    {
        if (FindDockerfile(request).Failed(out var error, out var dockerfile)
            || ParseName(request).Failed(out error, out var name))
        {
            return error;
        }

        try
        {
            var text = await File.ReadAllTextAsync(dockerfile, cancellation);
            if (Dockerfile.HasHeredoc(text))
            {
                return new WispError(ErrorCode.NotSupported, $"{dockerfile} uses a here-document (<<), which this builder does not know.", "Write the lines with && and \\, or copy a script in.");
            }

            await using var turn = await BuildTurn.BeginAsync(_buildah, cancellation);
            var bases = new BaseImages(_buildah, tools, Path.Combine(_cache, "bases"));
            var ids = new List<string>();
            foreach (var image in Dockerfile.BaseImages(text, request.BuildArguments))
            {
                if ((await bases.EnsureAsync(image, progress, cancellation)).Failed(out error, out var id))
                {
                    return error;
                }

                ids.Add(id);
            }

            var key = await KeyAsync(request, text, ids, cancellation);
            var cached = Path.Combine(_cache, "builds", key);
            if (!request.NoCache && Remembered(cached) is { } known)
            {
                progress?.Report(new BuildEvent.Notice("Nothing has changed since the last build; its image is used again."));
                return Wrap(await store.AddAsync(name.Name, name.Tag!, known.Digest, cached + ".erofs", known.Configuration, cancellation), reused: true);
            }

            return await BuildNewAsync(request, dockerfile, name, cached, progress, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new WispError(ErrorCode.OperationFailed, $"The build failed: {exception.Message}", "See that the context can be read and the disk has room.", "disk-full");
        }
    }

    private async Task<Result<BuiltImage>> BuildNewAsync(
        BuildRequest request, string dockerfile, ImageReference name, string cached, IProgress<BuildEvent>? progress, CancellationToken cancellation)
    {
        var step = "";
        // The image is known by its id from here on: another build may take the name meanwhile.
        var idFile = Path.Combine(_buildah.Scratch, Guid.NewGuid().ToString("N"));
        var built = await _buildah.RunAsync(
            [
                "bud", .. _buildah.Trust, "--isolation", "chroot", "--network", "host", "--pull-never", "--format", "oci", "--timestamp", "0",
                request.NoCache ? "--no-cache" : "--layers", "--file", dockerfile, "--iidfile", idFile,
                .. request.Target is { } target ? ["--target", target] : (string[])[],
                .. request.BuildArguments.SelectMany(pair => (string[])["--build-arg", $"{pair.Key}={pair.Value}"]),
                request.Directory,
            ],
            line =>
            {
                var isStep = Step().IsMatch(line.Text);
                step = isStep ? line.Text : step;
                progress?.Report(isStep ? new BuildEvent.Step(line.Text) : new BuildEvent.Output(line.Text));
            },
            cancellation);
        if (built.Failed(out var error, out var output))
        {
            return error;
        }

        if (!output.Ok)
        {
            return BuildFailure.Explain(dockerfile, step, output, _buildah.Storage);
        }

        progress?.Report(new BuildEvent.Step("Making the root filesystem"));
        var id = await File.ReadAllTextAsync(idFile, cancellation);
        // Named afterwards: with --tag, buildah finds the id it writes by that name, which may be another build's by then.
        if ((await OutputAsync(["tag", id, name.HasHost ? name.ToString() : "localhost/" + name], cancellation)).Failed(out error, out _)
            || (await OutputAsync(["inspect", "--type", "image", id], cancellation)).Failed(out error, out var inspection))
        {
            return error;
        }

        var (configuration, digest) = OciConfiguration.Read(inspection);
        if ((await ConvertAsync(id, cached + ".erofs", cancellation)).Failed(out error))
        {
            return error;
        }

        if (configuration.Entrypoint.Count + configuration.Cmd.Count == 0)
        {
            progress?.Report(new BuildEvent.Notice("The image has neither CMD nor ENTRYPOINT: an instance of it needs arguments."));
        }

        var stored = await store.AddAsync(name.Name, name.Tag!, digest, cached + ".erofs", configuration, cancellation);
        if (stored.IsSuccess)
        {
            Remember(cached, stored.Value);
        }

        return Wrap(stored, reused: false);
    }

    private async Task<Result> ConvertAsync(string image, string file, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var temporary = $"{file}.{Guid.NewGuid():N}";
        string? container = null;
        try
        {
            if ((await OutputAsync(["from", .. _buildah.Trust, "--pull-never", image], cancellation)).Failed(out var error, out container)
                || (await OutputAsync(["mount", container], cancellation)).Failed(out error, out var tree))
            {
                return error;
            }

            var made = await ErofsImage.MakeAsync(tools, tree, temporary, cancellation);
            if (made.IsSuccess)
            {
                File.Move(temporary, file, overwrite: true);
            }

            return made;
        }
        finally
        {
            File.Delete(temporary);
            if (container is { Length: > 0 })
            {
                await _buildah.RunAsync(["rm", container], CancellationToken.None);
            }
        }
    }

    private async Task<Result<string>> OutputAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        (await _buildah.RunAsync(arguments, cancellation)).Failed(out var error, out var output) ? error
            : output.Ok ? output.Stdout.Trim()
            : new WispError(ErrorCode.OperationFailed, $"Cannot read the built image: {output.LastLine}", "See that the disk has room.", "disk-full");

    private static Result<string> FindDockerfile(BuildRequest request)
    {
        if (!Directory.Exists(request.Directory))
        {
            return new WispError(ErrorCode.InvalidValue, $"There is no directory {request.Directory}.", "Name the directory with the Dockerfile.");
        }

        string[] candidates = request.Dockerfile is { } given
            ? [given, Path.Combine(request.Directory, given)]
            : [Path.Combine(request.Directory, "Dockerfile"), Path.Combine(request.Directory, "Containerfile")];
        return candidates.FirstOrDefault(File.Exists) is { } found
            ? Path.GetFullPath(found)
            : new WispError(
                ErrorCode.InvalidValue, $"There is no Dockerfile in {request.Directory}.", "Write one there, or name it with --file.", "no-dockerfile");
    }

    private static Result<ImageReference> ParseName(BuildRequest request)
    {
        var text = request.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Directory))).ToLowerInvariant();
        return ImageReference.Parse(text).Failed(out var error, out var name) ? error
            : name.Digest is not null ? new WispError(ErrorCode.InvalidValue, $"'{text}' has a digest, which a build cannot choose.", "Give a name and a tag.")
            : name with { Tag = name.Tag ?? ImageReference.DefaultTag };
    }

    private static async Task<string> KeyAsync(BuildRequest request, string dockerfile, IReadOnlyList<string> bases, CancellationToken cancellation)
    {
        var context = await ContextDigest.ComputeAsync(request.Directory, cancellation);
        var arguments = request.BuildArguments.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\0', [Version, context, dockerfile, request.Target ?? "", .. bases, .. arguments]))));
    }

    private static StoredImage? Remembered(string cached)
    {
        try
        {
            return File.Exists(cached + ".erofs") ? JsonSerializer.Deserialize(File.ReadAllBytes(cached + ".json"), ImageJson.Default.StoredImage) : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }

    private static void Remember(string cached, StoredImage image)
    {
        var temporary = $"{cached}.{Guid.NewGuid():N}";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(image, ImageJson.Default.StoredImage));
        File.Move(temporary, cached + ".json", overwrite: true);
    }

    private static Result<BuiltImage> Wrap(Result<StoredImage> stored, bool reused) =>
        stored.Failed(out var error, out var image) ? error : new BuiltImage(image, reused);

    [GeneratedRegex(@"^(\[\d+/\d+\] )?STEP \d+/\d+:", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Step();
}
