using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Snapshots;

/// <summary>How long a running instance stands still while it is forked, or a checkpoint is made of it.</summary>
internal sealed class FreezePause : IMeasurement
{
    private const int MostFreezes = 50;
    private const int DirtyMib = 30;

    public string Title => $"forking, and making checkpoints of, an instance with {DirtyMib} MiB of its own";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await node.RunAsync(node.Plan(cooldown: null), cancellation)).Failed(out var error, out var instance)
            || (await instance.AskAsync(HttpMethod.Get, $"/memory?mb={DirtyMib}", "", cancellation)).Failed(out error, out _))
        {
            return error;
        }

        var freezes = node.Count(MostFreezes);
        Samples checkpoints = new(), gaps = new(), forks = new();
        for (var i = -1; i < freezes; i++)
        {
            if ((await CheckpointAsync(node, instance, cancellation)).Failed(out error, out var checkpoint)
                || (await ForkAsync(node, instance, cancellation)).Failed(out error, out var fork))
            {
                return error;
            }

            if (i >= 0)
            {
                checkpoints.AddMicroseconds(checkpoint.PauseUs);
                gaps.Add(checkpoint.Gap);
                forks.AddMicroseconds(fork);
            }
        }

        return (await node.Api.DeleteAsync(instance.Uuid, cancellation)).Failed(out error)
            ? error
            : (Series[])[forks.ToSeries("fork.pause"), checkpoints.ToSeries("checkpoint.pause"), gaps.ToSeries("checkpoint.downtime")];
    }

    private static async Task<Result<(long? PauseUs, TimeSpan Gap)>> CheckpointAsync(BenchNode node, BenchInstance instance, CancellationToken cancellation)
    {
        await using var client = new SteadyClient(instance.Direct);
        if ((await node.Api.CheckpointAsync(instance.Uuid, cancellation)).Failed(out var error, out var made)
            || (await client.StopAsync()).Failed(out error, out var gap)
            || (await node.Api.GetCheckpointAsync(made, cancellation)).Failed(out error, out var checkpoint)
            || (await node.Api.SnapshotAsync(checkpoint.Snapshot!.Uuid, cancellation)).Failed(out error, out var snapshot)
            || (await node.Api.DeleteCheckpointAsync(made, cancellation)).Failed(out error))
        {
            return error;
        }

        return (snapshot.PauseUs, gap);
    }

    // By the application itself, as it would. The child goes with its deletion, and its snapshot with it.
    private static async Task<Result<long?>> ForkAsync(BenchNode node, BenchInstance instance, CancellationToken cancellation)
    {
        if ((await instance.AskAsync(HttpMethod.Post, "/file?path=/uk/libukp/fork", "1", cancellation)).Failed(out var error, out var child)
            || (await node.Api.GetAsync(child, cancellation)).Failed(out error, out var forked)
            || (await node.Api.SnapshotAsync(forked.Snapshot!.Uuid, cancellation)).Failed(out error, out var snapshot)
            || (await node.Api.DeleteAsync(child, cancellation)).Failed(out error))
        {
            return error;
        }

        return snapshot.PauseUs;
    }
}
