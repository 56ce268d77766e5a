using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Api;

/// <summary>wispd over ten thousand stopped instances: how long a start takes until it answers, and what memory it has then.</summary>
internal sealed class TenThousandStopped : IMeasurement
{
    private const int Instances = 10_000;
    private const int Restarts = 5;

    public string Title => $"starting wispd over {Instances} stopped instances";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        var uuids = new List<string>();
        if ((await StoppedFleet.FillAsync(node, uuids, Instances, cancellation)).Failed(out var error))
        {
            return error;
        }

        List<double> ready = [], resident = [];
        for (var i = 0; i < node.Count(Restarts); i++)
        {
            if ((await node.RestartAsync(cancellation)).Failed(out error, out var took)
                || (await node.Api.ReadAsync("/v1/instances?count=20&details=true", cancellation)).Failed(out error, out _)
                || ProcessMeter.ResidentMib(node.Record.Pid).Failed(out error, out var mib))
            {
                return error;
            }

            ready.Add(took.TotalSeconds);
            resident.Add(mib);
        }

        return (await StoppedFleet.DeleteAsync(node, uuids, cancellation)).Failed(out error)
            ? error
            : (Series[])
            [
                Series.Of("api.stopped10000.ready_seconds", Units.Seconds, Quantile.Of([.. ready.Order()], 50)),
                Series.Of("api.stopped10000.rss_mib", Units.Mebibytes, resident.Max()),
            ];
    }
}
