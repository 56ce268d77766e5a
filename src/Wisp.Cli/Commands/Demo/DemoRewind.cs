using System.Globalization;
using System.Text.Json.Nodes;
using Wisp.Cli.Connections;
using Wisp.Cli.Parsing;
using Wisp.Cli.Progress;

namespace Wisp.Cli.Commands.Demo;

/// <summary>
/// Shows a checkpoint, a rewind and a branch of the demo's instance, each as the command that does it: its application counts requests in
/// memory, so that one sees where each of them goes on.
/// </summary>
/// <param name="client">The server.</param>
/// <param name="steps">Where it is shown.</param>
/// <param name="hello">The instance.</param>
/// <param name="wisp">What the command is called here.</param>
/// <param name="cancellation">Gives up.</param>
internal sealed class DemoRewind(ApiClient client, Steps steps, RunningDemo hello, string wisp, CancellationToken cancellation)
{
    private const int ServerPort = 8080;
    private const int PatienceSeconds = 60;
    private const int Requests = 3;

    private readonly string _checkpoint = hello.Name + "-before";
    private readonly string _rewound = hello.Name + "-rewound";
    private readonly string _branch = hello.Name + "-branch";

    /// <summary>Shows them; null when the application does not count.</summary>
    public async Task<Result<DemoMoments?>> RunAsync()
    {
        using var counter = new DemoCounter(cancellation);
        if (await counter.AskAsync(hello.Url) is not { } before)
        {
            return (DemoMoments?)null;
        }

        // What an earlier run may have left.
        await CleanAsync();
        try
        {
            var (port, other) = Ports();
            if ((await ShowAsync(
                    $"checkpoints create {hello.Name} -n {_checkpoint}", _ => CheckpointAsync(), _ => $"its memory at count {before} is kept; it runs on")).Failed(out var error, out var checkpoint)
                || (await CountUpAsync(counter)).Failed(out error, out var after)
                || (await ShowAsync(
                    $"run --checkpoint {_checkpoint} -n {_rewound} -p {port}:{ServerPort}", _ => CreateAsync(_rewound, ("checkpoint", _checkpoint), port, counter),
                    count => $"counted on to {count}, from {before}, while {hello.Name} is at {after}")).Failed(out error, out var rewound)
                || (await ShowAsync(
                    $"run --branch {hello.Name} -n {_branch} -p {other}:{ServerPort}", _ => CreateAsync(_branch, ("branch_from", hello.Name), other, counter),
                    count => $"counted on to {count}, from {after}, beside the original")).Failed(out error, out var branch))
            {
                return error;
            }

            return rewound.Value == before + 1 && branch.Value == after + 1
                ? new DemoMoments(checkpoint.Milliseconds, rewound.Milliseconds, branch.Milliseconds)
                : new WispError(
                    ErrorCode.OperationFailed,
                    $"The rewound instance counted to {rewound.Value} and the branch to {branch.Value}, instead of {before + 1} and {after + 1}.",
                    "Report this: memory was not kept.");
        }
        finally
        {
            await CleanAsync();
        }
    }

    // The command, and how long the server took for it.
    private async Task<Result<(long Value, double Milliseconds)>> ShowAsync(string command, Func<Action<string>, Task<Result<(long Value, double Milliseconds)>>> work, Func<long, string> words) =>
        await steps.RunAsync(
            $"{wisp} {command}", work,
            done => string.Create(CultureInfo.InvariantCulture, $"{wisp} {command}: {words(done.Value)} ({done.Milliseconds:0.0} ms)"));

    private async Task<Result<(long, double)>> CheckpointAsync()
    {
        var from = TimeProvider.System.GetTimestamp();
        var request = new JsonObject { ["from"] = Reference.ToJson(hello.Uuid), ["name"] = _checkpoint, ["timeout_s"] = PatienceSeconds };
        return (await client.AskAsync(WireLists.Transitions, HttpMethod.Post, Resources.Instances.CheckpointPath, request, cancellation)).Failed(out var error, out var answer)
            || answer.Only().Failed(out error, out _)
            ? error
            : (0L, TimeProvider.System.GetElapsedTime(from).TotalMilliseconds);
    }

    private async Task<Result<(long, double)>> CreateAsync(string name, (string Member, string Name) origin, int port, DemoCounter counter)
    {
        var from = TimeProvider.System.GetTimestamp();
        var request = new JsonObject
        {
            ["name"] = name,
            [origin.Member] = Reference.ToJson(origin.Name),
            ["autostart"] = true,
            ["timeout_s"] = PatienceSeconds,
            ["service_group"] = new JsonObject { ["services"] = new JsonArray(new PublishSpec("127.0.0.1", port, ServerPort, ["http"]).ToJson()) },
        };
        if ((await client.AskAsync(WireLists.Instances, HttpMethod.Post, Resources.Instances.Path, request, cancellation)).Failed(out var error, out var answer)
            || answer.Only().Failed(out error, out _))
        {
            return error;
        }

        return await counter.AskAsync($"http://127.0.0.1:{port}") is { } count
            ? (count, TimeProvider.System.GetElapsedTime(from).TotalMilliseconds)
            : new WispError(ErrorCode.OperationFailed, $"Instance '{name}' does not answer.", $"Look at 'wisp instances logs {name}'.");
    }

    private async Task<Result<long>> CountUpAsync(DemoCounter counter)
    {
        for (var left = Requests; ; left--)
        {
            if (await counter.AskAsync(hello.Url) is not { } count)
            {
                return new WispError(ErrorCode.OperationFailed, $"Instance '{hello.Name}' does not answer any more.", $"Look at 'wisp instances logs {hello.Name}'.");
            }

            if (left == 1)
            {
                return count;
            }
        }
    }

    private static (int, int) Ports()
    {
        var first = FreePort.From(ServerPort + 1);
        return (first, FreePort.From(first + 1));
    }

    // Whether they are there or not; what fails here fails nothing.
    private async Task CleanAsync()
    {
        await client.AskAsync(WireLists.Transitions, HttpMethod.Delete, Resources.Instances.Path, Reference.ToJson([_rewound, _branch]), cancellation);
        await client.AskAsync(WireLists.Transitions, HttpMethod.Delete, Resources.Instances.CheckpointPath, Reference.ToJson([_checkpoint]), cancellation);
    }
}
