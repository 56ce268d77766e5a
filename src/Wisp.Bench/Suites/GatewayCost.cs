using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Tools;

namespace Wisp.Bench.Suites;

/// <summary>What the way through the gateway costs, against the way past it, turn by turn in one run.</summary>
internal sealed class GatewayCost(IToolRunner tools) : IMeasurement
{
    private const int Pairs = 500;
    private const int WarmUp = 50;
    private const int Rounds = 6;
    private const int RoundSeconds = 3;

    public string Title => $"{Pairs} requests through the gateway and {Pairs} past it, then wrk both ways {Rounds} times";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await node.RunAsync(node.Plan(cooldown: null), cancellation)).Failed(out var error, out var instance)
            || (await OverheadAsync(instance, cancellation)).Failed(out error, out var overhead)
            || (await ThroughputAsync(instance, cancellation)).Failed(out error, out var throughput)
            || (await node.Api.DeleteAsync(instance.Uuid, cancellation)).Failed(out error))
        {
            return error;
        }

        return (Series[])[.. overhead, .. throughput];
    }

    private static async Task<Result<IReadOnlyList<Series>>> OverheadAsync(BenchInstance instance, CancellationToken cancellation)
    {
        using var past = new HttpProbe(instance.Direct, keepAlive: true);
        using var through = new HttpProbe(instance.Gateway, keepAlive: true);
        if ((await past.ConnectAsync(cancellation)).Failed(out var error) || (await through.ConnectAsync(cancellation)).Failed(out error))
        {
            return error;
        }

        Samples direct = new(), gateway = new(), overhead = new();
        for (var i = -WarmUp; i < Pairs; i++)
        {
            // Who goes first alternates, so that neither finds the guest in the state that the other left it in more often.
            var pastFirst = i % 2 == 0;
            if ((await TimeAsync(pastFirst ? past : through, cancellation)).Failed(out error, out var first)
                || (await TimeAsync(pastFirst ? through : past, cancellation)).Failed(out error, out var second))
            {
                return error;
            }

            if (i >= 0)
            {
                var (directTime, gatewayTime) = pastFirst ? (first, second) : (second, first);
                direct.Add(directTime);
                gateway.Add(gatewayTime);
                overhead.Add(gatewayTime - directTime);
            }
        }

        return (Series[])
        [
            overhead.ToSeries("gateway.overhead"),
            gateway.ToSeries("gateway.warm.first_byte"),
            direct.ToSeries("gateway.direct.first_byte"),
        ];
    }

    private async Task<Result<IReadOnlyList<Series>>> ThroughputAsync(BenchInstance instance, CancellationToken cancellation)
    {
        List<double> ratios = [], direct = [], gateway = [];
        for (var round = 0; round < Rounds; round++)
        {
            var pastFirst = round % 2 == 0;
            if ((await Wrk.RunAsync(tools, Of(pastFirst ? instance.Direct : instance.Gateway), RoundSeconds, cancellation)).Failed(out var error, out var first)
                || (await Wrk.RunAsync(tools, Of(pastFirst ? instance.Gateway : instance.Direct), RoundSeconds, cancellation)).Failed(out error, out var second))
            {
                return error;
            }

            var (past, through) = pastFirst ? (first, second) : (second, first);
            direct.Add(past.Rate);
            gateway.Add(through.Rate);
            ratios.Add(through.Rate / past.Rate);
        }

        return (Series[])
        [
            Series.Of("gateway.throughput.ratio_direct", Units.Ratio, Quantile.Median(ratios)),
            Series.Of("gateway.throughput.gateway", Units.RequestsPerSecond, Quantile.Median(gateway)),
            Series.Of("gateway.throughput.direct", Units.RequestsPerSecond, Quantile.Median(direct)),
        ];
    }

    private static Uri Of(IPEndPoint server) => new($"http://{server}/");

    private static async Task<Result<TimeSpan>> TimeAsync(HttpProbe probe, CancellationToken cancellation)
    {
        var from = TimeProvider.System.GetTimestamp();
        return (await probe.GetAsync(cancellation)).Failed(out var error, out var answer)
            ? error
            : TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt);
    }
}
