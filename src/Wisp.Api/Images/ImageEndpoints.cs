using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Images;
using Wisp.Images;

namespace Wisp.Api.Images;

/// <summary>The images of the node (platform API, "Images").</summary>
internal sealed class ImageEndpoints(IImageStore images)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/images", GetAsync);
        routes.MapGet("/v1/image-store", GetAsync);
    }

    private async Task GetAsync(HttpContext context)
    {
        var digests = Query.List(context, "digest");
        var tags = Query.List(context, "tag");
        var found = (await images.ListAsync(context.RequestAborted))
            .Where(image => digests.Count == 0 || digests.Contains(image.Digest, StringComparer.Ordinal))
            .Where(image => tags.Count == 0 || tags.Contains(image.Tag, StringComparer.Ordinal) || tags.Contains($"{image.Name}:{image.Tag}", StringComparer.Ordinal));
        // One image may have several tags; it is listed once with all of them.
        var items = found.GroupBy(image => (image.Name, image.Digest)).Select(group =>
        {
            var image = group.First();
            return new Image
            {
                Status = ResponseStatus.Success,
                Url = $"{image.Name}@{image.Digest}",
                CreatedAt = InstanceMapping.Time(image.CreatedAt),
                InitrdOrRom = false,
                SizeInBytes = image.SizeBytes,
                Args = [.. image.Configuration.Entrypoint, .. image.Configuration.Cmd],
                Env = image.Configuration.Env.Select(pair => pair.Split('=', 2)).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "", StringComparer.Ordinal),
                Tags = [.. group.Select(tagged => $"{tagged.Name}:{tagged.Tag}")],
            };
        }).ToArray();
        await Answers.ItemsAsync(context, items, list => new ImagesData(list), WireJson.Default.EnvelopeImagesData);
    }
}
