using System.Text.Json.Nodes;

namespace Wisp.Cli.Connections;

/// <summary>Asks a control plane which metros there are.</summary>
internal static class MetrosOf
{
    private const string Path = "/v1/metros";

    /// <summary>Its metros, for the same token.</summary>
    public static async Task<Result<IReadOnlyList<Server>>> ControlPlaneAsync(Server controlPlane, Shell shell, CancellationToken cancellation)
    {
        using var client = new ApiClient(controlPlane, shell);
        if ((await client.ListAsync(HttpMethod.Get, Path, null, cancellation)).Failed(out var error, out var answer))
        {
            return error;
        }

        Server[] servers = [.. answer.Items.Select(item => Read(item, controlPlane)).OfType<Server>()];
        return servers.Length > 0 ? servers : new WispError(
            ErrorCode.OperationFailed, $"{controlPlane.Address} names no metro.", "See that it is a control plane: wisp login --check");
    }

    private static Server? Read(JsonObject item, Server controlPlane) =>
        (Listing.Text(item, "iata_code") ?? Listing.Text(item, "name")) is { } name && Uri.TryCreate(Listing.Text(item, "endpoint"), UriKind.Absolute, out var endpoint)
            ? controlPlane with { Endpoint = endpoint, Metro = name, Location = Listing.Text(item, "country") is { } country and not "ZZ" ? country.ToLowerInvariant() : null }
            : null;
}
