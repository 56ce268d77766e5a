using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;

namespace Wisp.Api.NotYet;

/// <summary>The way to the plugins of instances, of which there are none yet: clients take a 404 for "no such plugin".</summary>
internal static class PluginEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.Map(OperationRoutes.Prefix + "/instances/{uuid}/plugins/{name}/{**path}", Answer).WithMetadata(new Access(Role.Write));

    private static Task Answer(HttpContext context)
    {
        var target = Target.OfPath(context);
        var error = target.Wrong;
        if (error is null && !context.Rooms().Instances.Find(target.Reference!.Value).Failed(out error, out var instance))
        {
            error = new WispError(
                ErrorCode.NotFound, $"Instance '{instance.Name}' has no plugin '{context.Request.RouteValues["name"]}'.", "Plugins are not supported yet.");
        }

        throw new RequestFailure(StatusCodes.Status404NotFound, error!);
    }
}
