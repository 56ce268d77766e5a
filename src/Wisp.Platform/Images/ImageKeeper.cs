using Wisp.Images;
using Wisp.Platform.Records;

namespace Wisp.Platform.Images;

/// <inheritdoc cref="IImageKeeper"/>
internal sealed class ImageKeeper(Catalogue catalogue, ImageHolds holds, IImageStore images) : IImageKeeper
{
    /// <inheritdoc/>
    public async Task<Result> RemoveAsync(StoredImage image, CancellationToken cancellation)
    {
        // In the turn: whoever creates an instance looks for its image in it, too.
        using var turn = await catalogue.ChangeAsync(cancellation);
        var (instances, frozen) = (catalogue.InstanceRecords.Count(IsMadeOfIt) + holds.CountOf(image), catalogue.Frozen.Values.Count(one => IsMadeOfIt(one.Source)));
        return instances + frozen == 0
            ? await images.RemoveAsync(image.Name, image.Digest, cancellation)
            : new WispError(
                ErrorCode.Attached,
                // Not by name: they may be another account's.
                $"Image '{image.Name}:{image.Tag}' is needed by {instances} {(instances == 1 ? "instance" : "instances")} and by {frozen} {(frozen == 1 ? "template or checkpoint" : "templates and checkpoints")}.",
                "Delete those first.");

        bool IsMadeOfIt(InstanceRecord record) => Is(record.ImageName, record.ImageDigest) || record.Next is { } next && Is(next.ImageName, next.ImageDigest);

        bool Is(string name, string digest) => name == image.Name && digest == image.Digest;
    }
}
