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

        return await DeleteGroupAsync(group, cancellation);
    }

    /// <summary>Deletes a group.</summary>
    public async Task<Result> DeleteGroupAsync(string group, CancellationToken cancellation) => Only(
        await SendAsync(HttpMethod.Delete, $"/v1/services/{group}", null, WireJson.Default.EnvelopeServiceGroupsData, cancellation), data => data.ServiceGroups).Failed(out var error, out _)
        ? error
        : Result.Success;

    /// <summary>Makes a group that sends clients on to https, on port 80 of the node.</summary>
    /// <param name="name">Its first domain; further ones have a number behind it.</param>
    /// <param name="domains">How many domains.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its uuid.</returns>
    public async Task<Result<string>> RedirectAsync(string name, int domains, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["services"] = new JsonArray(new JsonObject { ["port"] = 80, ["destination_port"] = 443, ["handlers"] = new JsonArray("http", "redirect") }),
            ["domains"] = new JsonArray([.. Enumerable.Range(0, domains).Select(i => new JsonObject { ["name"] = i == 0 ? name : $"{name}-{i}" })]),
        };
        return Only(await SendAsync(HttpMethod.Post, "/v1/services", body, WireJson.Default.EnvelopeServiceGroupsData, cancellation), data => data.ServiceGroups).Failed(out var error, out var made)
            ? error
            : made.Uuid!;
    }

    /// <summary>Gives a group a domain (<c>add</c>) or takes it away (<c>del</c>).</summary>
    public async Task<Result> ChangeDomainAsync(string group, string operation, string name, CancellationToken cancellation)
    {
        var body = new JsonObject { ["prop"] = "domains", ["op"] = operation, ["value"] = new JsonArray(new JsonObject { ["name"] = name }) };
        return Only(
            await SendAsync(HttpMethod.Patch, $"/v1/services/{group}", body, WireJson.Default.EnvelopeServiceGroupsData, cancellation), data => data.ServiceGroups).Failed(out var error, out _)
            ? error
            : Result.Success;
    }

    /// <summary>Uploads a certificate (POST), or replaces it (PUT).</summary>
    public async Task<Result> UploadAsync(HttpMethod method, string name, string host, string chain, string key, CancellationToken cancellation)
    {
        var body = new JsonObject { ["name"] = name, ["chain"] = chain, ["pkey"] = key };
        if (method == HttpMethod.Post)
        {
            body["cn"] = host + ".";
        }

        var answer = await SendAsync(method, "/v1/certificates", body, WireJson.Default.EnvelopeCertificatesData, cancellation);
        return Only(answer, data => data.Certificates).Failed(out var error, out _) ? error : Result.Success;
    }

    /// <summary>Lets an instance finish what it has begun, and deletes it.</summary>
    public async Task<Result> RetireAsync(string uuid, CancellationToken cancellation) =>
        (await TransitionAsync(HttpMethod.Put, "/v1/instances/stop", new JsonObject { ["uuid"] = uuid, ["drain_timeout_ms"] = -1 }, cancellation)).Failed(out var error, out _)
        || (await WaitAsync(uuid, "stopped", cancellation)).Failed(out error)
            ? error
            : await DeleteAsync(uuid, cancellation);
}
