namespace Wisp.Images;

/// <summary>Turns a directory with a Dockerfile into a stored image.</summary>
public interface IImageBuilder
{
    /// <summary>
    /// Builds. An unchanged input gives the stored image without building. Nothing is left behind on failure, and an image of the
    /// same name stays as it was.
    /// </summary>
    /// <param name="request">What to build.</param>
    /// <param name="progress">Hears of steps and output lines as they come.</param>
    /// <param name="cancellation">Stops the build and cleans up.</param>
    /// <returns>The image, or an error naming the file, the step and its exit code.</returns>
    Task<Result<BuiltImage>> BuildAsync(BuildRequest request, IProgress<BuildEvent>? progress, CancellationToken cancellation);
}
