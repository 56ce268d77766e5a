using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Http;

/// <summary>Routes of the catalogue's operations. Nothing else adds one, so that what is served and what is written down are the same.</summary>
internal static class OperationRoutes
{
    public const string Prefix = "/v1";

    /// <summary>Where the control plane is by itself; two of its paths mean something else below <see cref="Prefix"/>.</summary>
    public const string ControlPlanePrefix = "/controlplane/v1";

    /// <summary>Serves operations, under every spelling that they have.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="handler">What answers them.</param>
    /// <param name="ids">Their ids.</param>
    public static void Serve(this IEndpointRouteBuilder routes, RequestDelegate handler, params ReadOnlySpan<string> ids)
    {
        foreach (var id in ids)
        {
            var operation = OperationCatalogue.Find(id);
            foreach (var (method, path) in Spellings(operation))
            {
                routes.MapMethods(path, [method], handler).WithMetadata(operation);
            }
        }
    }

    /// <summary>Every method and path that means an operation.</summary>
    public static IEnumerable<(string Method, string Path)> Spellings(Operation operation)
    {
        if (operation.Plane == OperationPlane.ControlPlane)
        {
            yield return (operation.Method, ControlPlanePrefix + operation.Path);
            // The platform has an operation of the same name, which tells the two apart.
            if (OperationCatalogue.All.Any(other => other != operation && other.Method == operation.Method && other.Path == operation.Path))
            {
                yield break;
            }
        }

        yield return (operation.Method, Prefix + operation.Path);
        foreach (var alias in operation.Aliases)
        {
            var (method, path) = (alias[..alias.IndexOf(' ', StringComparison.Ordinal)], alias[(alias.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            yield return (method, Prefix + path);
        }
    }
}
