using Wisp.Contracts.Operations.Shapes;

namespace Wisp.Contracts.Operations;

/// <summary>Images.</summary>
internal static class ImageOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/image-store", "getImageStore", "Shows the images that this node has.")
        {
            Query = [Member.Texts("digest"), Member.Texts("tag")],
            Key = "images",
            Answer = WireJson.Default.EnvelopeImagesData,
        },
        new("GET", "/images", "getImages", "Shows the images that instances can be made of.")
        {
            Query = [Member.Texts("digest"), Member.Texts("tag")],
            Key = "images",
            Answer = WireJson.Default.EnvelopeImagesData,
            Aliases = ["GET /images/list"],
            Support = SupportLevel.Differs,
            Note = "They are those of the node's store. With 'namespace' or 'details' in the query, or below /controlplane, it is the control plane's listImages.",
        },
        new("POST", "/images", "pinImages", "Makes images ready and keeps them.")
        {
            Body = Shape.Of("PinImage", [.. CommonShapes.ImageSource.Members, CommonShapes.Timeout.Needed(), Member.Boolean("merge_requests"), Member.Object("autokill", CommonShapes.Lifetime)]),
            Bulk = true,
            Key = "images",
            Answer = WireJson.Default.EnvelopePinnedImagesData,
            Support = SupportLevel.Differs,
            Note = "Images of the node's store only, which are kept anyway; nothing is pulled.",
        },
        new("DELETE", "/images", "unpinImages", "Removes images that nothing is made of.")
        {
            // They are the node's, and others may live on them.
            Needs = Role.Admin,
            Body = Shape.Of("UnpinImage", Member.Text("uuid").Needed()),
            Bulk = true,
            Key = "images",
            Answer = WireJson.Default.EnvelopePinnedImagesData,
            Support = SupportLevel.Differs,
            Note = "The image is removed from the node's store with all its tags, unless something is made of it (code 15).",
        },
    ];
}
