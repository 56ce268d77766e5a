using System.Text.Json.Nodes;
using Wisp.Contracts;

namespace Wisp.Bench.Node;

// Instances that do not run: what the API itself costs.
internal sealed partial class NodeApi
{
    /// <summary>Creates instances that are not started.</summary>
    /// <param name="image">Name of the image.</param>
    /// <param name="count">How many, in one call.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<IReadOnlyList<string>>> CreateStoppedAsync(string image, int count, CancellationToken cancellation)
    {
        var body = new JsonObject { ["image"] = image, ["memory_mb"] = InstancePlan.MemoryMb, ["autostart"] = false, ["replicas"] = count - 1 };
        var answer = await SendAsync(HttpMethod.Post, "/v1/instances", body, WireJson.Default.EnvelopeInstancesData, cancellation);
        return answer is { Status: ResponseStatus.Success, Data: { } data }
            ? (string[])[.. data.Instances.Select(instance => instance.Uuid!)]
            : new WispError(ErrorCode.OperationFailed, answer.Message ?? "wispd gave no answer.");
    }

    /// <summary>Deletes instances in one call.</summary>
    public async Task<Result> DeleteAsync(IEnumerable<string> uuids, CancellationToken cancellation)
    {
        var body = new JsonArray([.. uuids.Select(uuid => new JsonObject { ["uuid"] = uuid })]);
        var answer = await SendAsync(HttpMethod.Delete, "/v1/instances", body, WireJson.Default.EnvelopeTransitionsData, cancellation);
        return answer.Status == ResponseStatus.Success
            ? Result.Success
            : new WispError(ErrorCode.OperationFailed, answer.Message ?? "wispd gave no answer.");
    }

    /// <summary>Sets the environment of an instance.</summary>
    public async Task<Result> SetEnvironmentAsync(string uuid, string name, string value, CancellationToken cancellation) =>
        Only(
            await SendAsync(
                HttpMethod.Patch,
                $"/v1/instances/{uuid}",
                new JsonObject { ["prop"] = "env", ["op"] = "set", ["value"] = new JsonObject { [name] = value } },
                WireJson.Default.EnvelopeInstancesData,
                cancellation),
            data => data.Instances).Failed(out var error, out _)
            ? error
            : Result.Success;

    /// <summary>Reads an answer to its end without understanding it.</summary>
    /// <param name="path">Path and query of a GET.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many bytes it had.</returns>
    public async Task<Result<int>> ReadAsync(string path, CancellationToken cancellation)
    {
        using var response = await _client.GetAsync(path, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        return response.IsSuccessStatusCode ? body.Length : new WispError(ErrorCode.OperationFailed, $"GET {path} was answered with {(int)response.StatusCode}.");
    }
}
