using System.Text.Json.Nodes;
using Wisp.Contracts;
using Wisp.Contracts.Instances;

namespace Wisp.Bench.Node;

// Service groups that scale.
internal sealed partial class NodeApi
{
    /// <summary>Makes a group that grows to a size on demand, from one instance, and shrinks when these are idle.</summary>
    /// <param name="port">Where it is published.</param>
    /// <param name="template">What its instances are clones of.</param>
    /// <param name="size">Most of them.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its uuid.</returns>
    public async Task<Result<string>> ScaleAsync(int port, string template, int size, CancellationToken cancellation)
    {
        var service = new JsonObject { ["ip"] = "127.0.0.1", ["port"] = port, ["destination_port"] = InstancePlan.ServerPort, ["handlers"] = new JsonArray("http") };
        if (Only(
                await SendAsync(HttpMethod.Post, "/v1/services", new JsonObject { ["services"] = new JsonArray(service) }, WireJson.Default.EnvelopeServiceGroupsData, cancellation),
                data => data.ServiceGroups).Failed(out var error, out var group))
        {
            return error;
        }

        var scaling = new JsonObject
        {
            ["min_size"] = 1, ["max_size"] = size, ["warmup_time_ms"] = 500, ["cooldown_time_ms"] = 500, ["template"] = new JsonObject { ["uuid"] = template },
            ["policies"] = new JsonArray(
                new JsonObject { ["name"] = "more", ["type"] = "on_demand" },
                new JsonObject { ["name"] = "less", ["type"] = "idle", ["idle_time_ms"] = 1000 }),
        };
        return Only(
            await SendAsync(HttpMethod.Post, $"/v1/services/{group.Uuid}/autoscale", scaling, WireJson.Default.EnvelopeAutoscaleData, cancellation),
            data => data.ServiceGroups).Failed(out error, out _) ? error : group.Uuid!;
    }

    /// <summary>How many instances a group has, and how many of them run.</summary>
    public async Task<(int All, int Running)> SizeAsync(string group, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, "/v1/instances?details=true", null, WireJson.Default.EnvelopeInstancesData, cancellation);
        Instance[] own = [.. (answer.Data?.Instances ?? []).Where(instance => instance.ServiceGroup?.Uuid == group)];
        return (own.Length, own.Count(instance => instance.State == "running"));
    }

    /// <summary>Ends the scaling of a group, and deletes it once its instances have gone.</summary>
    public async Task<Result> EndScalingAsync(string group, CancellationToken cancellation)
    {
        if (Only(
            await SendAsync(HttpMethod.Delete, $"/v1/services/{group}/autoscale", null, WireJson.Default.EnvelopeAutoscaleData, cancellation), data => data.ServiceGroups).Failed(out var error, out _))
        {
            return error;
        }

        while ((await SizeAsync(group, cancellation)).All > 0)
        {
            await Task.Delay(100, cancellation);
        }

        return Only(
            await SendAsync(HttpMethod.Delete, $"/v1/services/{group}", null, WireJson.Default.EnvelopeServiceGroupsData, cancellation), data => data.ServiceGroups).Failed(out error, out _)
            ? error
            : Result.Success;
    }
}
