using System.Text.Json.Nodes;
using Wisp.Cli.Connections;
using Wisp.Cli.Output;
using Wisp.Cli.Parsing;
using Wisp.Cli.Progress;
using Wisp.Contracts.Instances;

namespace Wisp.Cli.Commands.Demo;

/// <summary>Sees to it that the demo's instance is there: the one of an earlier run where that is of the same image, else a new one.</summary>
internal sealed class DemoInstance(ApiClient client, Steps steps, CancellationToken cancellation)
{
    // By this the demo knows its own: an instance that somebody else named alike is left alone.
    private const string Tag = "wisp-demo";
    private const int ServerPort = 8080;
    private const int MemoryMb = 128;
    private const int BootPatienceSeconds = 120;

    /// <summary>Finds it or makes it.</summary>
    public async Task<Result<RunningDemo>> EnsureAsync(BuildSummary image)
    {
        var name = image.Name.Split(':')[0].Split('/')[^1];
        if ((await client.AskAsync(WireLists.Instances, HttpMethod.Get, Resources.Instances.Path, null, cancellation)).Failed(out var error, out var all))
        {
            return error;
        }

        if (all.Items.FirstOrDefault(item => item.Name == name) is not { } found)
        {
            return await CreateAsync(name, image);
        }

        if (found.Tags?.Contains(Tag, StringComparer.Ordinal) != true)
        {
            return new WispError(ErrorCode.AlreadyExists, $"There is an instance '{name}' that no demo made.", $"Delete it if you can do without it: wisp instances delete {name}");
        }

        if (found.Image?.EndsWith(image.Digest, StringComparison.Ordinal) == true)
        {
            return await ReuseAsync(found);
        }

        return (await ChangeAsync(HttpMethod.Delete, "", found.Uuid!)).Failed(out error) ? error : await CreateAsync(name, image);
    }

    private async Task<Result<RunningDemo>> CreateAsync(string name, BuildSummary image)
    {
        var port = FreePort.From(ServerPort);
        var request = new JsonObject
        {
            ["name"] = name,
            ["image"] = image.Name,
            ["memory_mb"] = MemoryMb,
            ["tags"] = new JsonArray(Tag),
            ["autostart"] = true,
            ["timeout_s"] = BootPatienceSeconds,
            ["scale_to_zero"] = new JsonObject { ["policy"] = "on", ["stateful"] = true, ["cooldown_time_ms"] = 1000 },
            ["service_group"] = new JsonObject { ["services"] = new JsonArray(new PublishSpec("127.0.0.1", port, ServerPort, ["http"]).ToJson()) },
        };
        var made = await steps.RunAsync(
            $"Booting {name}",
            async _ => (await client.AskAsync(WireLists.Instances, HttpMethod.Post, Resources.Instances.Path, request, cancellation)).Failed(out var error, out var answer)
                ? error
                : answer.Only(),
            instance => $"Instance {instance.Name} runs, published on 127.0.0.1:{port}{(port == ServerPort ? "" : $" (port {ServerPort} is taken)")}");
        return made.Failed(out var failure, out var instance) ? failure : await DescribeAsync(instance.Uuid!, reused: false);
    }

    private async Task<Result<RunningDemo>> ReuseAsync(Instance found)
    {
        var stopped = found.State == "stopped";
        var started = await steps.RunAsync(
            $"Looking at instance {found.Name}",
            async _ => stopped && (await ChangeAsync(HttpMethod.Put, "/start", found.Uuid!, ("timeout_s", BootPatienceSeconds))).Failed(out var error) ? error : (Result<bool>)true,
            _ => $"Instance {found.Name} of an earlier run {(stopped ? "is started again" : $"is {found.State}")}");
        return started.Failed(out var failure, out bool _) ? failure : await DescribeAsync(found.Uuid!, reused: !stopped);
    }

    private async Task<Result<RunningDemo>> DescribeAsync(string uuid, bool reused)
    {
        if ((await client.AskAsync(WireLists.Instances, HttpMethod.Get, Resources.Instances.Path, Reference.ToJson(uuid), cancellation)).Failed(out var error, out var answer)
            || answer.Only().Failed(out error, out var instance)
            || (await client.ListAsync(HttpMethod.Get, Resources.Services.Path, Reference.ToJson(instance.ServiceGroup?.Uuid ?? ""), cancellation)).Failed(out error, out var groups)
            || (groups.Failures is [var failure, ..] && (error = failure) is not null))
        {
            return error;
        }

        return new RunningDemo(uuid, instance.Name!, Resources.Services.Urls(groups.Items[0])[0], instance.MemoryMb ?? MemoryMb, (instance.NetTimeUs ?? 0) / 1000.0, instance.NetTimeUs is null or 0, reused);
    }

    private async Task<Result> ChangeAsync(HttpMethod method, string verb, string uuid, params IReadOnlyList<(string, JsonNode?)> members) =>
        (await client.AskAsync(WireLists.Transitions, method, Resources.Instances.Path + verb, Reference.ToJson([uuid], members), cancellation)).Failed(out var error, out var answer)
            || answer.Only().Failed(out error, out _)
            ? error
            : Result.Success;
}
