using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites;

/// <summary>What wispd uses when all that it has sleeps.</summary>
internal sealed class IdleNode : IMeasurement
{
    private const int Instances = 20;
    private const int AtOnce = 2;
    private static readonly TimeSpan Cooldown = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    public string Title => $"wispd with {Instances} sleeping instances for {Window.TotalSeconds} s";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        var uuids = new List<string>();
        for (var first = 0; first < Instances; first += AtOnce)
        {
            foreach (var started in await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => node.RunAsync(node.Plan(Cooldown), cancellation))))
            {
                if (started.Failed(out var failed, out var instance))
                {
                    return failed;
                }

                uuids.Add(instance.Uuid);
            }
        }

        foreach (var uuid in uuids)
        {
            if ((await node.Api.WaitAsync(uuid, "standby", cancellation)).Failed(out var awake))
            {
                return awake;
            }
        }

        await Task.Delay(Settling, TimeProvider.System, cancellation);
        if ((await ProcessMeter.CpuPercentAsync([node.Record.Pid], Window, cancellation)).Failed(out var error, out var cpu)
            || ProcessMeter.ResidentMib(node.Record.Pid).Failed(out error, out var resident))
        {
            return error;
        }

        foreach (var uuid in uuids)
        {
            if ((await node.Api.DeleteAsync(uuid, cancellation)).Failed(out error))
            {
                return error;
            }
        }

        return (Series[])
        [
            Series.Of("idle.cpu_percent", Units.Percent, cpu),
            Series.Of("idle.wispd_rss_mib", Units.Mebibytes, resident),
        ];
    }
}
