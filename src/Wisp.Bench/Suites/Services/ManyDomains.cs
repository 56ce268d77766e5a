using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Services;

/// <summary>What a request and a change of the routes cost, with few domains and with very many, turn by turn in one run.</summary>
internal sealed class ManyDomains : IMeasurement
{
    private const int Groups = 200;
    private const int DomainsOfGroup = 100;
    private const int MostRounds = 6;
    private const int Lookups = 1500;
    private const int Updates = 60;

    public string Title => $"requests and changes with {Groups * DomainsOfGroup} domains, and without";

    public NodeSettings Settings => NodeSettings.Named;

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        // A redirect is answered by the gateway itself: nothing else is in the time.
        if ((await node.Api.RedirectAsync("probe", 1, cancellation)).Failed(out var error, out var probed)
            || (await MeasureAsync(node, probed, new Samples(), new Samples(), cancellation)).Failed(out error))
        {
            return error;
        }

        Samples lookup = new(), update = new(), fewLookup = new(), fewUpdate = new();
        for (var round = 0; round < node.Count(MostRounds); round++)
        {
            if ((await MeasureAsync(node, probed, fewLookup, fewUpdate, cancellation)).Failed(out error)
                || (await FillAsync(node, cancellation)).Failed(out error, out var groups)
                || (await MeasureAsync(node, probed, lookup, update, cancellation)).Failed(out error))
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
        }

        Series with = lookup.ToSeries("services.domains20000.lookup"), without = fewLookup.ToSeries("services.domains1.lookup");
        Series changed = update.ToSeries("services.domains20000.update"), changedFew = fewUpdate.ToSeries("services.domains1.update");
        return (await node.Api.DeleteGroupAsync(probed, cancellation)).Failed(out error)
            ? error
            : (Series[])
            [
                Series.Of("services.domains20000.lookup_ratio", Units.Ratio, with.P50!.Value / without.P50!.Value),
                Series.Of("services.domains20000.update_ratio", Units.Ratio, changed.P50!.Value / changedFew.P50!.Value),
                with, changed, without, changedFew,
            ];
    }

    private static async Task<Result<IReadOnlyList<string>>> FillAsync(BenchNode node, CancellationToken cancellation)
    {
        var groups = new List<string>();
        for (var group = 0; group < Groups; group++)
        {
            if ((await node.Api.RedirectAsync($"d{group}", DomainsOfGroup, cancellation)).Failed(out var error, out var made))
            {
                return error;
            }

            groups.Add(made);
        }

        return groups;
    }

    private static async Task<Result> MeasureAsync(BenchNode node, string group, Samples lookup, Samples update, CancellationToken cancellation)
    {
        using var probe = new HttpProbe(new IPEndPoint(IPAddress.Loopback, NodeSettings.Named.HttpPort!.Value), keepAlive: true, host: "probe.localhost", expected: 301);
        if ((await probe.ConnectAsync(cancellation)).Failed(out var error))
        {
            return error;
        }

        for (var i = 0; i < Lookups; i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            if ((await probe.GetAsync(cancellation)).Failed(out error, out var answer))
            {
                return error;
            }

            lookup.Add(TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt));
        }

        for (var i = 0; i < Updates; i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            if ((await node.Api.ChangeDomainAsync(group, i % 2 == 0 ? "add" : "del", "more", cancellation)).Failed(out error))
            {
                return error;
            }

            update.Add(TimeProvider.System.GetElapsedTime(from));
        }

        return Result.Success;
    }
}
