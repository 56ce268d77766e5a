using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Snapshots;

/// <summary>A request to an instance whose process stands still with its RAM in a file.</summary>
internal sealed class ReclaimedWake : IMeasurement
{
    private const int MostWakes = 50;
    private static readonly TimeSpan Cooldown = TimeSpan.FromMilliseconds(100);

    public string Title => "waking an instance whose memory was given back";

    public NodeSettings Settings => NodeSettings.Reclaiming;

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await node.RunAsync(node.Plan(Cooldown), cancellation)).Failed(out var error, out var instance))
        {
            return error;
        }

        var (wakes, woken) = (node.Count(MostWakes), new Samples());
        var resident = new List<double>();
        // The first one gives back what the start has left.
        for (var i = -1; i < wakes; i++)
        {
            if ((await Standby.UntilAsync(node, instance.Uuid, "reclaimed", cancellation)).Failed(out error, out _))
            {
                return error;
            }

            var rss = MemoryMeter.ResidentMib(instance.VmmPid);
            var answer = await instance.TimeAsync(cancellation);
            if (i >= 0)
            {
                resident.Add(rss);
                woken.AddWake(answer);
            }
        }

        resident.Sort();
        return (await node.Api.DeleteAsync(instance.Uuid, cancellation)).Failed(out error)
            ? error
            : (Series[])[woken.ToSeries("wake.reclaimed.first_byte"), Series.Of("wake.reclaimed.rss_mib", Units.Mebibytes, Quantile.Of(resident, 50))];
    }
}
