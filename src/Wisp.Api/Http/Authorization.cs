using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Http;

/// <summary>Lets a caller do what the role of the token allows. What each operation needs stands in the catalogue.</summary>
internal static class Authorization
{
    /// <summary>Refuses what the caller may not do.</summary>
    public static void Check(HttpContext context)
    {
        // What answers a wrong method is no route, and does nothing.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return;
        }

        // Whoever forgets to say what a route needs lets administrators in only.
        var operation = endpoint.Metadata.GetMetadata<Operation>();
        var needs = operation?.Needs ?? (endpoint.Metadata.GetMetadata<Access>() is { } access ? access.Needs : Role.Admin);
        if (needs is { } role && !(Callers.Find(context)?.Role >= role))
        {
            var word = role.ToString().ToLowerInvariant();
            throw new RequestFailure(
                StatusCodes.Status403Forbidden,
                new WispError(
                    ErrorCode.NotAllowed, $"This token may not do that: {(operation is null ? context.Request.Path : $"'{operation.Id}'")} needs the role '{word}'.",
                    $"Ask an administrator for such a token: wisp tokens create USER --role {word}", "token"));
        }
    }
}
