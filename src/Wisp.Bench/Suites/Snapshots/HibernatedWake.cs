using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Snapshots;

/// <summary>A request to an instance whose state is a snapshot; and what it costs to be one.</summary>
internal sealed class HibernatedWake : IMeasurement
{
    private const int MostWakes = 50;
    private static readonly TimeSpan Cooldown = TimeSpan.FromMilliseconds(100);

    public string Title => "waking an instance that was frozen to disk";

    public NodeSettings Settings => NodeSettings.Hibernating;

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await node.RunAsync(node.Plan(Cooldown), cancellation)).Failed(out var error, out var instance))
        {
            return error;
        }

        var (wakes, vmm) = (node.Count(MostWakes), instance.VmmPid);
        Samples running = new(), firstByte = new();
        List<double> resident = [], disk = [];
        for (var i = -1; i < wakes; i++)
        {
            if ((await Standby.UntilAsync(node, instance.Uuid, "hibernated", cancellation)).Failed(out error, out var asleep)
                || (await node.Api.SnapshotAsync(asleep.Snapshot!.Uuid, cancellation)).Failed(out error, out var snapshot))
            {
                return error;
            }

            // Of the machine that it had, and of any that it might have by now.
            resident.Add(MemoryMeter.ResidentMib(vmm) + (node.VmmPid(instance.Uuid) is { } another && another != vmm ? MemoryMeter.ResidentMib(another) : 0));
            disk.Add((snapshot.OwnBytes ?? 0) / 1048576.0);
            var answer = await instance.TimeAsync(cancellation);
            if ((await node.Api.GetAsync(instance.Uuid, cancellation)).Failed(out error, out var awake))
            {
                return error;
            }

            vmm = node.VmmPid(instance.Uuid) ?? vmm;
            if (i >= 0)
            {
                firstByte.AddWake(answer);
                running.AddMicroseconds(awake.VmmStartTimeUs + awake.VmmLoadTimeUs);
            }
        }

        resident.Sort();
        disk.Sort();
        return (await node.Api.DeleteAsync(instance.Uuid, cancellation)).Failed(out error)
            ? error
            : (Series[])
            [
                running.ToSeries("wake.hibernated.running"),
                firstByte.ToSeries("wake.hibernated.first_byte"),
                Series.Of("hibernated.rss_mib", Units.Mebibytes, Quantile.Of(resident, 100)),
                Series.Of("hibernated.disk_mib", Units.Mebibytes, Quantile.Of(disk, 50)),
            ];
    }
}
