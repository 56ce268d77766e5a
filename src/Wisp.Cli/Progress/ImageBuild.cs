using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;
using Wisp.Images;
using Wisp.Tools;

namespace Wisp.Cli.Progress;

/// <summary>Builds an image in this process, for somebody who watches.</summary>
internal static class ImageBuild
{
    /// <summary>Builds into the store of the call's data directory.</summary>
    public static async Task<Result<BuildSummary>> RunAsync(Invocation call, BuildRequest request)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new WispError(
                ErrorCode.NotAllowed, "Building needs root: the steps of a Dockerfile run as root in a root directory of their own, and layers are mounted.", "Run it with sudo.", "not-root");
        }

        var from = call.Shell.Time.GetTimestamp();
        var builder = new BuildahImageBuilder(new ImageStore(call.Data.Images, call.Shell.Time), new ToolRunner());
        var built = await BuildProgress.WatchAsync(call.Shell, progress => builder.BuildAsync(request, progress, call.Cancellation));
        return built.Failed(out var error, out var image) ? error : new BuildSummary(
            $"{image.Image.Name}:{image.Image.Tag}", image.Image.Digest, image.Image.SizeBytes, image.Reused,
            Math.Round(call.Shell.Time.GetElapsedTime(from).TotalSeconds, 1));
    }
}
