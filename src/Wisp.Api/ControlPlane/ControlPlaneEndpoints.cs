using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Instances;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.ControlPlane;
using Wisp.Images;

namespace Wisp.Api.ControlPlane;

/// <summary>The control plane, as far as a server of one's own has one: this metro, this token, these images.</summary>
internal sealed class ControlPlaneEndpoints(MetroOptions metro, IImageStore images)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Serve(MetrosAsync, "listMetros");
        routes.Serve(AuthorizationAsync, "getAuthorization");
        routes.Serve(ImagesAsync, "listImages");
    }

    /// <summary>True when a request for images can only mean the control plane's list.</summary>
    public static bool IsMeant(HttpContext context) => context.Request.Query.ContainsKey("namespace") || context.Request.Query.ContainsKey("details");

    /// <summary>Answers with the images and their tags.</summary>
    public async Task ImagesAsync(HttpContext context)
    {
        await NoMembersAsync(context);
        var details = Query.Boolean(context, "details", otherwise: true);
        var folder = context.Request.Query["namespace"].ToString();
        var found = (await images.ListAsync(context.RequestAborted))
            .Where(image => folder.Length == 0 || image.Name.StartsWith(folder + "/", StringComparison.Ordinal))
            .GroupBy(image => image.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new NamedImage(
                group.Key, details ? [.. group.Select(image => new NamedImageTag(image.Tag, image.Digest, image.SizeBytes, InstanceMapping.Time(image.CreatedAt)!))] : null));
        await Answers.ObjectAsync(context, new NamedImagesData([.. found]), WireJson.Default.EnvelopeNamedImagesData);
    }

    private async Task MetrosAsync(HttpContext context)
    {
        await NoMembersAsync(context);
        // A client reaches this server by the name that it has just used, whatever that is.
        var endpoint = $"{context.Request.Scheme}://{context.Request.Host}";
        await Answers.ObjectAsync(
            context, new MetrosData([new Metro(StableUuid.Of("metro", metro.Code).ToString(), endpoint, metro.Name, metro.Code, metro.Country)]), WireJson.Default.EnvelopeMetrosData);
    }

    private static async Task AuthorizationAsync(HttpContext context)
    {
        await NoMembersAsync(context);
        var caller = context.Caller();
        await Answers.ObjectAsync(
            context, new AuthorizationData(caller.AccountName, caller.AccountName, context.Request.Host.ToString(), caller.Account.ToString()), WireJson.Default.EnvelopeAuthorizationData);
    }

    private static async Task NoMembersAsync(HttpContext context)
    {
        foreach (var body in await RequestBody.ReadItemsAsync(context))
        {
            body.End();
        }
    }
}
