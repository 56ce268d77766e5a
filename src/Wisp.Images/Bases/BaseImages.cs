using System.Globalization;
using System.Net.Sockets;
using Wisp.Images.Building;
using Wisp.Images.References;
using Wisp.Tools;

namespace Wisp.Images.Bases;

/// <summary>
/// Sees to it that the images a Dockerfile begins with are there, and says where each comes from: the local store, a registry, or,
/// for Debian where no registry answers, made here from Debian's packages.
/// </summary>
internal sealed class BaseImages(Buildah buildah, IToolRunner tools, string directory)
{
    // Merged /usr as a debootstrap has it, without the package usrmerge, which would bring all of perl: 77 MB instead of 126.
    private static readonly string[] MergedUsr = ["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", "--include=usr-is-merged"];

    private static readonly TimeSpan RegistryPatience = TimeSpan.FromSeconds(3);

    /// <summary>Prepares one base image; returns the id that stands for its content.</summary>
    public async Task<Result<string>> EnsureAsync(string image, IProgress<BuildEvent>? progress, CancellationToken cancellation)
    {
        if (ImageReference.Parse(image).Failed(out var error, out var reference))
        {
            return error;
        }

        var full = Qualify(reference);
        if (await buildah.FindImageAsync(full, cancellation) is { } id || await buildah.FindImageAsync("localhost/" + image, cancellation) is { } own && (id = own) is not null)
        {
            progress?.Report(new BuildEvent.Notice($"Base image {image}: from the local store ({id[..Math.Min(id.Length, 19)]})."));
            return id;
        }

        var registry = full.Split('/')[0];
        if (await AnswersAsync(registry == "docker.io" ? "registry-1.docker.io" : registry, cancellation))
        {
            progress?.Report(new BuildEvent.Notice($"Base image {image}: pulled from {registry}."));
            var pulled = await buildah.RunAsync(["pull", .. buildah.Trust, full], line => progress?.Report(new BuildEvent.Output(line.Text)), cancellation);
            return pulled.Failed(out error, out var output) ? error
                : output.Ok ? output.Stdout.Trim()
                : new WispError(ErrorCode.OperationFailed, $"Cannot pull {full}: {output.LastLine}", "See that the name and tag exist there.", "no-registry");
        }

        if (DebianBase.Match(image) is { } debian)
        {
            return await MakeAsync(image, full, debian.Suite, debian.Slim, progress, cancellation);
        }

        return new WispError(
            ErrorCode.OperationFailed,
            $"Base image '{image}' is not in the local store, and its registry {registry} does not answer.",
            "Connect to the registry, begin with debian:bookworm-slim (which Wisp makes itself), or build the base with 'wisp build DIR -t NAME' and use that name.",
            "no-registry");
    }

    private async Task<Result<string>> MakeAsync(
        string image, string full, string suite, bool slim, IProgress<BuildEvent>? progress, CancellationToken cancellation)
    {
        progress?.Report(new BuildEvent.Notice($"Base image {image}: no registry answers, so it is made here from Debian's packages (mmdebstrap {suite}) and kept under that name."));
        var archive = Path.Combine(directory, $"debian-{suite}{(slim ? "-slim" : "")}-2.tar");
        if (!File.Exists(archive))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(archive)!);
            var temporary = $"{archive}.{Guid.NewGuid():N}.tar";
            try
            {
                // What Debian's own slim images leave out (debuerreotype, "slim").
                string[] left = slim
                    ? [.. ((string[])["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*", "/usr/share/lintian/*"])
                        .Select(path => $"--dpkgopt=path-exclude={path}"), "--dpkgopt=path-include=/usr/share/doc/*/copyright"]
                    : [];
                var made = await tools.RunAsync(
                    new ToolCommand("mmdebstrap", ["--variant=minbase", .. suite == "bookworm" ? MergedUsr : [], .. left, suite, temporary]),
                    line => progress?.Report(new BuildEvent.Output(line.Text)), cancellation);
                if (made.Failed(out var error, out var output))
                {
                    return error;
                }

                if (!output.Ok)
                {
                    return new WispError(ErrorCode.OperationFailed, $"mmdebstrap could not make {image}: {output.LastLine}", "See that a Debian mirror answers and the disk has room.", "no-registry");
                }

                File.Move(temporary, archive, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }

        return await ImportAsync(full, archive, cancellation);
    }

    private async Task<Result<string>> ImportAsync(string full, string archive, CancellationToken cancellation)
    {
        var from = await buildah.RunAsync(["from", .. buildah.Trust, "scratch"], cancellation);
        if (from.Failed(out var error, out var output) || !output.Ok)
        {
            return error ?? Failed(full, output!);
        }

        var container = output.Stdout.Trim();
        try
        {
            foreach (var step in (string[][])
            [
                ["add", "--quiet", container, archive, "/"],
                ["config", "--cmd", "[\"bash\"]", "--env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container],
                ["commit", .. buildah.Trust, "--quiet", container, full],
            ])
            {
                if ((await buildah.RunAsync(step, cancellation)).Failed(out error, out output))
                {
                    return error;
                }

                if (!output.Ok)
                {
                    return Failed(full, output);
                }
            }

            return output.Stdout.Trim();
        }
        finally
        {
            await buildah.RunAsync(["rm", container], CancellationToken.None);
        }
    }

    private static WispError Failed(string image, ToolOutput output) =>
        new(ErrorCode.OperationFailed, $"Cannot keep {image} in the local store: {output.LastLine}", "See that the disk has room.", "disk-full");

    // debian -> docker.io/library/debian:latest, as every builder reads it.
    private static string Qualify(ImageReference image)
    {
        var full = image.Tag is null && image.Digest is null ? image with { Tag = ImageReference.DefaultTag } : image;
        return image.HasHost ? full.ToString() : image.Name.Contains('/') ? "docker.io/" + full : "docker.io/library/" + full;
    }

    private static async Task<bool> AnswersAsync(string registry, CancellationToken cancellation)
    {
        var host = registry.Split(':');
        ushort port = 443;
        if (host.Length > 1 && !ushort.TryParse(host[1], CultureInfo.InvariantCulture, out port))
        {
            return false;
        }

        using var client = new TcpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(RegistryPatience);
        try
        {
            await client.ConnectAsync(host[0], port, patience.Token);
            if (host.Length > 1)
            {
                return true;
            }

            // That somebody listens proves little where a proxy answers for everyone; a registry says that it is one.
            using var http = new HttpClient { Timeout = RegistryPatience };
            using var response = await http.GetAsync($"https://{registry}/v2/", patience.Token);
            return response.Headers.Contains("Docker-Distribution-Api-Version") || response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is SocketException or HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
