using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.ControlPlane;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Images;
using Wisp.Contracts.Operations;
using Wisp.Images;
using Wisp.Platform.Images;

namespace Wisp.Api.Images;

/// <summary>The images of the node (platform API, "Images").</summary>
internal sealed class ImageEndpoints(IImageStore images, IImageKeeper keeper, ControlPlaneEndpoints controlPlane)
{
    private static readonly Shape Pin = OperationCatalogue.Find("pinImages").Body!;
    private static readonly Shape Unpin = OperationCatalogue.Find("unpinImages").Body!;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(context => GetAsync(context, tag => tag.Tag), "getImageStore");
        routes.Serve(
            context => ControlPlaneEndpoints.IsMeant(context) && !context.Request.Path.Value!.EndsWith("/list", StringComparison.Ordinal)
                ? controlPlane.ImagesAsync(context)
                : GetAsync(context, Reference),
            "getImages");
        routes.Serve(PinAsync, "pinImages");
        routes.Serve(UnpinAsync, "unpinImages");
    }

    private async Task GetAsync(HttpContext context, Func<StoredImage, string> showTag)
    {
        var digests = Query.List(context, "digest").ToList();
        var tags = Query.List(context, "tag").ToList();
        foreach (var body in await RequestBody.ReadItemsAsync(context))
        {
            digests.AddRange(body.String("digest") is { } digest ? [digest] : []);
            tags.AddRange(body.String("tag") is { } tag ? [tag] : []);
            body.End();
        }

        var found = (await images.ListAsync(context.RequestAborted))
            .Where(image => (digests.Count == 0 && tags.Count == 0)
                || digests.Contains(image.Digest, StringComparer.Ordinal)
                || tags.Contains(image.Tag, StringComparer.Ordinal) || tags.Contains(Reference(image), StringComparer.Ordinal));
        // One image may have several tags; it is listed once with all of them.
        var items = found.GroupBy(image => (image.Name, image.Digest)).Select(group => Show([.. group], showTag)).ToArray();
        await Answers.ItemsAsync(context, items, list => new ImagesData(list), WireJson.Default.EnvelopeImagesData);
    }

    private async Task PinAsync(HttpContext context)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send an object with 'url' and 'timeout_s'.");
        }

        // All are read before the first is looked for: what is malformed costs nothing.
        var wanted = bodies.Select(body =>
        {
            var (url, policy, timeout) = (body.Peek("url"), body.Peek("pull_policy"), body.PeekInteger("timeout_s"));
            var isForRegistry = body.Peek("credentials") is not null;
            ShapeReader.Check(body, Pin);
            return timeout == 0 ? throw RequestFailure.Invalid("Value of 'timeout_s' must not be 0", "Give it seconds, or -1.") : (url: url!, isForRegistry: isForRegistry || policy == "always");
        }).ToArray();
        var items = new List<PinnedImage>();
        foreach (var (url, isForRegistry) in wanted)
        {
            items.Add(await PinAsync(url, isForRegistry, context.RequestAborted));
        }

        await Answers.ItemsAsync(context, items, list => new PinnedImagesData(list), WireJson.Default.EnvelopePinnedImagesData);
    }

    // The node's store keeps what it has, so an image that is there is pinned.
    private async Task<PinnedImage> PinAsync(string url, bool isForRegistry, CancellationToken cancellation)
    {
        WispError? error;
        if (isForRegistry)
        {
            error = new WispError(ErrorCode.NotSupported, $"Pulling '{url}' from a registry is not supported.", "Build it: wisp build");
        }
        else if (!(await images.FindAsync(url, cancellation)).Failed(out error, out var image))
        {
            var all = (await images.ListAsync(cancellation)).Where(other => other.Name == image.Name && other.Digest == image.Digest);
            return new PinnedImage
            {
                Status = ResponseStatus.Success, Uuid = UuidOf(image), Name = image.Name, CreatedAt = InstanceMapping.Time(image.CreatedAt), State = "available",
                Url = $"{image.Name}@{image.Digest}", Persistent = true, Tags = [.. all.Select(Reference)],
            };
        }

        return new PinnedImage { Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error), Url = url };
    }

    private async Task UnpinAsync(HttpContext context)
    {
        var bodies = await RequestBody.ReadItemsAsync(context);
        if (bodies.Count == 0)
        {
            throw RequestFailure.Malformed("The request has no body.", "Send a list of objects with 'uuid'.");
        }

        var wanted = bodies.Select(body =>
        {
            var uuid = body.Peek("uuid");
            ShapeReader.Check(body, Unpin);
            return uuid!;
        }).ToArray();
        var items = new List<PinnedImage>();
        foreach (var uuid in wanted)
        {
            items.Add(await UnpinAsync(uuid, context.RequestAborted));
        }

        await Answers.ItemsAsync(context, items, list => new PinnedImagesData(list), WireJson.Default.EnvelopePinnedImagesData);
    }

    private async Task<PinnedImage> UnpinAsync(string uuid, CancellationToken cancellation)
    {
        var image = (await images.ListAsync(cancellation)).FirstOrDefault(stored => UuidOf(stored).Equals(uuid, StringComparison.OrdinalIgnoreCase));
        var error = image is null ? new WispError(ErrorCode.NotFound, $"No image with uuid '{uuid}'", "See them with 'wisp images list'.") : null;
        return image is not null && !(await keeper.RemoveAsync(image, cancellation)).Failed(out error)
            ? new PinnedImage { Status = ResponseStatus.Success, Uuid = UuidOf(image), Name = image.Name }
            : new PinnedImage { Status = ResponseStatus.Error, Error = (int)error!.Code, Message = Answers.Text(error), Uuid = uuid, Name = image?.Name };
    }

    private static Image Show(IReadOnlyList<StoredImage> tagged, Func<StoredImage, string> showTag) => new()
    {
        Status = ResponseStatus.Success,
        Uuid = UuidOf(tagged[0]),
        Url = $"{tagged[0].Name}@{tagged[0].Digest}",
        CreatedAt = InstanceMapping.Time(tagged[0].CreatedAt),
        InitrdOrRom = false,
        SizeInBytes = tagged[0].SizeBytes,
        Args = [.. tagged[0].Configuration.Entrypoint, .. tagged[0].Configuration.Cmd],
        Env = tagged[0].Configuration.Env.Select(pair => pair.Split('=', 2)).DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "", StringComparer.Ordinal),
        Tags = [.. tagged.Select(showTag)],
        Persistent = true,
    };

    private static string Reference(StoredImage image) => $"{image.Name}:{image.Tag}";

    private static string UuidOf(StoredImage image) => StableUuid.Of("image", $"{image.Name}@{image.Digest}").ToString();
}
