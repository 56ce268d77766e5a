using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Api;

/// <summary>
/// 200 clients at once, each with its own connection and its next request as soon as the last is answered: seven of ten read, three
/// write (create, change, delete, in turn), so that the number of instances stays what it was.
/// </summary>
internal sealed class ManyClients : IMeasurement
{
    private const int Clients = 200;
    private const int Instances = 200;
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);
    // Until code is compiled and pools have grown: growth after this is growth.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public string Title => $"{Clients} clients at once that read and write for {Usual.TotalSeconds} s";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        var fleet = new List<string>();
        if ((await StoppedFleet.FillAsync(node, fleet, Instances, cancellation)).Failed(out var error))
        {
            return error;
        }

        var run = new ClientRun(node, fleet);
        // A trial run is shorter: as many seconds as things are to be measured.
        await run.ForAsync(Clients, TimeSpan.FromSeconds(node.Count((int)WarmUp.TotalSeconds)), cancellation);
        if (ProcessMeter.ResidentMib(node.Record.Pid).Failed(out error, out var before))
        {
            return error;
        }

        var samples = await run.ForAsync(Clients, TimeSpan.FromSeconds(node.Count((int)Usual.TotalSeconds)), cancellation);
        if (ProcessMeter.ResidentMib(node.Record.Pid).Failed(out error, out var after)
            || (await StoppedFleet.DeleteAsync(node, fleet, cancellation)).Failed(out error))
        {
            return error;
        }

        var all = samples.ToSeries("api.clients200");
        return (Series[])
        [
            all,
            Series.Of("api.clients200.rate", Units.RequestsPerSecond, (all.N ?? 0) / (double)node.Count((int)Usual.TotalSeconds)),
            Series.Of("api.clients200.rss_growth_mib", Units.Mebibytes, after - before),
        ];
    }
}
