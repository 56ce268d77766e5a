using Wisp.Images;

namespace Wisp.Platform.Images;

/// <summary>The node's images, with what is made of them.</summary>
public interface IImageKeeper
{
    /// <summary>Removes an image with all its tags from the node's store, unless something on the node still needs it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellation">Gives up before anything is removed.</param>
    /// <returns>
    /// Success; <see cref="ErrorCode.Attached"/> when instances, templates or checkpoints are made of it, with how many;
    /// <see cref="ErrorCode.OperationFailed"/> when the disk refuses.
    /// </returns>
    Task<Result> RemoveAsync(StoredImage image, CancellationToken cancellation);
}
