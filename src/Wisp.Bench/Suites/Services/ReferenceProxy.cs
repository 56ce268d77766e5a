using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Bench.Peers;
using Wisp.Tools;

namespace Wisp.Bench.Suites.Services;

/// <summary>The gateway against HAProxy, before the same instance, turn by turn in one run.</summary>
internal sealed class ReferenceProxy(IToolRunner tools) : IMeasurement
{
    private const int MostRounds = 10;
    private const int RoundSeconds = 4;

    public string Title => "wrk through the gateway and through HAProxy, http and https, turn by turn";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        var plan = node.Plan(cooldown: null) with { TlsPort = BenchNode.FreePort() };
        if ((await node.RunAsync(plan, cancellation)).Failed(out var error, out var instance)
            || (await Haproxy.StartAsync(tools, node.ScratchDirectory, instance.Direct, cancellation)).Failed(out error, out var haproxy))
        {
            return error;
        }

        await using (haproxy)
        {
            if ((await CompareAsync("http", plan.Gateway, haproxy.Http, node, cancellation)).Failed(out error, out var http)
                || (await CompareAsync("https", new IPEndPoint(IPAddress.Loopback, plan.TlsPort.Value), haproxy.Https, node, cancellation)).Failed(out error, out var https)
                || (await node.Api.DeleteAsync(instance.Uuid, cancellation)).Failed(out error))
            {
                return error;
            }

            return (Series[])[.. http, .. https];
        }
    }

    private async Task<Result<IReadOnlyList<Series>>> CompareAsync(string scheme, IPEndPoint gateway, IPEndPoint haproxy, BenchNode node, CancellationToken cancellation)
    {
        List<Wrk.Load> ours = [], theirs = [];
        var urls = new[] { gateway, haproxy }.Select(server => new Uri($"{scheme}://{server}/")).ToArray();
        // The first, which finds nothing compiled and no connection open, is not counted.
        for (var round = -1; round < node.Count(MostRounds); round++)
        {
            var oursFirst = round % 2 == 0;
            if ((await Wrk.RunAsync(tools, urls[oursFirst ? 0 : 1], RoundSeconds, cancellation)).Failed(out var error, out var first)
                || (await Wrk.RunAsync(tools, urls[oursFirst ? 1 : 0], RoundSeconds, cancellation)).Failed(out error, out var second))
            {
                return error;
            }

            if (round >= 0)
            {
                ours.Add(oursFirst ? first : second);
                theirs.Add(oursFirst ? second : first);
            }
        }

        return (Series[])
        [
            Series.Of($"services.{scheme}.ratio_haproxy", Units.Ratio, Quantile.Median(ours.Zip(theirs, (own, other) => own.Rate / other.Rate))),
            Series.Of($"services.{scheme}.p99_ratio_haproxy", Units.Ratio, Quantile.Median(ours.Zip(theirs, (own, other) => own.P99 / other.P99))),
            Series.Of($"services.{scheme}.gateway", Units.RequestsPerSecond, Quantile.Median(ours.Select(load => load.Rate))),
            Series.Of($"services.{scheme}.haproxy", Units.RequestsPerSecond, Quantile.Median(theirs.Select(load => load.Rate))),
        ];
    }
}
