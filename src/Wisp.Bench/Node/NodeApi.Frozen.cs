using System.Text.Json.Nodes;
using Wisp.Contracts;
using Wisp.Contracts.Instances;
using Wisp.Contracts.Snapshots;

namespace Wisp.Bench.Node;

// Frozen machines: templates, checkpoints and their files.
internal sealed partial class NodeApi
{
    /// <summary>An instance as it is.</summary>
    public async Task<Result<Instance>> GetAsync(string uuid, CancellationToken cancellation) =>
        Only(await SendAsync(HttpMethod.Get, $"/v1/instances/{uuid}", null, WireJson.Default.EnvelopeInstancesData, cancellation), data => data.Instances);

    /// <summary>Starts clones of a template in one call.</summary>
    /// <returns>Those that were made, whether they run or not.</returns>
    public async Task<Result<IReadOnlyList<Instance>>> CloneAsync(string template, int count, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["template"] = new JsonObject { ["uuid"] = template }, ["replicas"] = count - 1, ["autostart"] = true, ["timeout_s"] = WaitSeconds,
        };
        var answer = await SendAsync(HttpMethod.Post, "/v1/instances", body, WireJson.Default.EnvelopeInstancesData, cancellation);
        return answer.Data is { } data ? (Instance[])[.. data.Instances] : new WispError(ErrorCode.OperationFailed, answer.Message ?? "wispd gave no answer.");
    }

    /// <summary>Makes an instance a template.</summary>
    public Task<Result> MakeTemplateAsync(string uuid, CancellationToken cancellation) =>
        DoneAsync(HttpMethod.Post, "/v1/instances/templates", new JsonObject { ["uuid"] = uuid, ["timeout_s"] = WaitSeconds }, cancellation);

    /// <summary>Makes a checkpoint of an instance, which runs on.</summary>
    /// <returns>Its uuid.</returns>
    public async Task<Result<string>> CheckpointAsync(string uuid, CancellationToken cancellation)
    {
        var body = new JsonObject { ["from"] = new JsonObject { ["uuid"] = uuid }, ["timeout_s"] = WaitSeconds };
        return (await TransitionAsync(HttpMethod.Post, "/v1/instances/checkpoints", body, cancellation)).Failed(out var error, out var made) ? error : made.Uuid!;
    }

    /// <summary>A checkpoint as it is.</summary>
    public async Task<Result<Instance>> GetCheckpointAsync(string uuid, CancellationToken cancellation) => Only(
        await SendAsync(HttpMethod.Get, $"/v1/instances/checkpoints/{uuid}", null, WireJson.Default.EnvelopeInstancesData, cancellation), data => data.Instances);

    /// <summary>Deletes a template.</summary>
    public Task<Result> DeleteTemplateAsync(string uuid, CancellationToken cancellation) =>
        DoneAsync(HttpMethod.Delete, $"/v1/instances/templates/{uuid}", null, cancellation);

    /// <summary>Deletes a checkpoint.</summary>
    public Task<Result> DeleteCheckpointAsync(string uuid, CancellationToken cancellation) =>
        DoneAsync(HttpMethod.Delete, $"/v1/instances/checkpoints/{uuid}", null, cancellation);

    /// <summary>The files of a frozen machine.</summary>
    public async Task<Result<Snapshot>> SnapshotAsync(string uuid, CancellationToken cancellation) => Only(
        await SendAsync(HttpMethod.Get, $"/v1/snapshots/{uuid}", null, WireJson.Default.EnvelopeSnapshotsData, cancellation), data => data.Snapshots);

    private async Task<Result> DoneAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation) =>
        (await TransitionAsync(method, path, body, cancellation)).Failed(out var error, out _) ? error : Result.Success;

    private async Task<Result<InstanceTransition>> TransitionAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation) =>
        Only(await SendAsync(method, path, body, WireJson.Default.EnvelopeTransitionsData, cancellation), data => data.Instances);
}
