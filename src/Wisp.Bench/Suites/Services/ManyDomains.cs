using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Services;

/// <summary>What a request and a change of the routes cost, with few domains and with very many, turn by turn in one run.</summary>
internal sealed class ManyDomains : IMeasurement
{
    private const int Groups = 200;
    private const int DomainsOfGroup = 100;
    private const int Lookups = 4000;
    private const int MostUpdates = 200;
    private const int WarmUp = 500;

    public string Title => $"requests and changes with {Groups * DomainsOfGroup} domains, and without";

    public NodeSettings Settings => NodeSettings.Named;

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        // A redirect is answered by the gateway itself: nothing else is in the time.
        if ((await node.Api.RedirectAsync("probe", 1, cancellation)).Failed(out var error, out var probed)
            || (await MeasureAsync(node, probed, WarmUp, cancellation)).Failed(out error, out _)
            || (await MeasureAsync(node, probed, Lookups, cancellation)).Failed(out error, out var before))
        {
            return error;
        }

        List<string> groups = [probed];
        for (var group = 0; group < Groups; group++)
        {
            if ((await node.Api.RedirectAsync($"d{group}", DomainsOfGroup, cancellation)).Failed(out error, out var made))
            {
                return error;
            }

            groups.Add(made);
        }

        if ((await MeasureAsync(node, probed, Lookups, cancellation)).Failed(out error, out var with))
        {
            return error;
        }

        foreach (var group in groups)
        {
            if ((await node.Api.DeleteGroupAsync(group, cancellation)).Failed(out error))
            {
                return error;
            }
        }

        // Once more without, so that what merely came with time shows.
        if ((await node.Api.RedirectAsync("probe", 1, cancellation)).Failed(out error, out probed)
            || (await MeasureAsync(node, probed, Lookups, cancellation)).Failed(out error, out var after)
            || (await node.Api.DeleteGroupAsync(probed, cancellation)).Failed(out error))
        {
            return error;
        }

        return (Series[])
        [
            Ratio("services.domains20000.lookup_ratio", before.Lookup, with.Lookup, after.Lookup), Ratio("services.domains20000.update_ratio", before.Update, with.Update, after.Update),
            with.Lookup, with.Update, before.Lookup with { Name = "services.domains1.lookup" }, before.Update with { Name = "services.domains1.update" },
        ];
    }

    private static Series Ratio(string name, Series before, Series with, Series after) =>
        Series.Of(name, Units.Ratio, with.P50!.Value / ((before.P50!.Value + after.P50!.Value) / 2));

    private static async Task<Result<(Series Lookup, Series Update)>> MeasureAsync(BenchNode node, string group, int lookups, CancellationToken cancellation)
    {
        Samples lookup = new(), update = new();
        using var probe = new HttpProbe(new IPEndPoint(IPAddress.Loopback, NodeSettings.Named.HttpPort!.Value), keepAlive: true, host: "probe.localhost", expected: 301);
        if ((await probe.ConnectAsync(cancellation)).Failed(out var error))
        {
            return error;
        }

        for (var i = 0; i < lookups; i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            if ((await probe.GetAsync(cancellation)).Failed(out error, out var answer))
            {
                return error;
            }

            lookup.Add(TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt));
        }

        for (var i = 0; i < node.Count(MostUpdates); i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            if ((await node.Api.ChangeDomainAsync(group, i % 2 == 0 ? "add" : "del", "more", cancellation)).Failed(out error))
            {
                return error;
            }

            update.Add(TimeProvider.System.GetElapsedTime(from));
        }

        return (lookup.ToSeries("services.domains20000.lookup"), update.ToSeries("services.domains20000.update"));
    }
}
