using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Tests.Support;
using Wisp.Contracts.Operations;

namespace Wisp.Api.Tests.Catalogue;

/// <summary>The catalogue has what the platform API lists, no more is served than it has, and no less.</summary>
public sealed class CatalogueTests
{
    // The sign of life, the document, the audit stream, and the plugins, which answer whatever a plugin likes.
    private static readonly string[] Others = ["/", "/openapi/v1.json", "/v1/audit", "/v1/instances/{uuid}/plugins/{name}/{**path}"];

    [Fact]
    public void It_has_every_operation_of_the_platform_API()
    {
        Assert.Equal(107, WrittenOperation.All.Count);
        Assert.Equal(
            WrittenOperation.All.Select(written => $"{written.Method} {written.Path} {written.Id} {written.HasBody}").Order(StringComparer.Ordinal),
            OperationCatalogue.All.Where(operation => operation.Plane != OperationPlane.Wisp)
                .Select(operation => $"{operation.Method} {operation.Path} {operation.Id} {operation.Body is not null}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Everything_in_it_is_said_in_one_sentence() => Assert.DoesNotContain(
        OperationCatalogue.All,
        operation => !operation.Summary.EndsWith('.') || operation.Support != SupportLevel.Works != (operation.Note is not null));

    [Fact]
    public async Task Every_route_is_in_it_and_everything_in_it_has_a_route()
    {
        await using var api = await TestApi.StartAsync();
        var routes = api.Endpoints.OfType<RouteEndpoint>().ToArray();
        var served = routes
            .Where(route => route.Metadata.GetMetadata<Operation>() is not null)
            .Select(route => $"{route.Metadata.GetMetadata<Operation>()!.Id}: {route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()} {route.RoutePattern.RawText}");
        var written = OperationCatalogue.All.SelectMany(operation => OperationRoutes.Spellings(operation).Select(spelling => $"{operation.Id}: {spelling.Method} {spelling.Path}"));
        Assert.Equal(written.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
        Assert.Empty(routes.Where(route => route.Metadata.GetMetadata<Operation>() is null).Select(route => route.RoutePattern.RawText!).Except(Others));
    }

    [Fact]
    public async Task The_document_of_OpenAPI_has_the_same_operations()
    {
        await using var api = await TestApi.StartAsync();
        using var document = JsonDocument.Parse(await api.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var listed =
            from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select $"{method.Name.ToUpperInvariant()} {path.Name.Replace("/controlplane", "", StringComparison.Ordinal)} {method.Value.GetProperty("operationId").GetString()} {method.Value.TryGetProperty("requestBody", out _)}";
        var own = OperationCatalogue.All.Where(operation => operation.Plane == OperationPlane.Wisp).Select(operation => $"{operation.Method} /v1{operation.Path} {operation.Id} {operation.Body is not null}");
        Assert.Equal(
            WrittenOperation.All.Select(written => $"{written.Method} /v1{written.Path} {written.Id} {written.HasBody}").Concat(own).Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal));
        AssertLinks(document.RootElement, document.RootElement);
    }

    [Fact]
    public async Task The_document_of_OpenAPI_needs_the_token()
    {
        await using var api = await TestApi.StartAsync();
        api.Client.DefaultRequestHeaders.Authorization = null;
        (await api.GetAsync("/openapi/v1.json")).Failure(System.Net.HttpStatusCode.Unauthorized, "A token is missing.");
    }

    private static void AssertLinks(JsonElement element, JsonElement root)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                Assert.All(element.EnumerateArray(), item => AssertLinks(item, root));
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    if (member is { Name: "$ref", Value.ValueKind: JsonValueKind.String })
                    {
                        var found = member.Value.GetString()!.Split('/')[1..].Aggregate(root, (at, step) => at.GetProperty(step));
                        Assert.Equal(JsonValueKind.Object, found.ValueKind);
                    }

                    AssertLinks(member.Value, root);
                }

                break;
        }
    }
}
