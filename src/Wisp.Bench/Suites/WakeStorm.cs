using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites;

/// <summary>Many requests at once to a sleeping instance: one wake, and an answer to each.</summary>
internal sealed class WakeStorm : IMeasurement
{
    private const int Requests = 64;
    private const int Rounds = 10;
    private static readonly TimeSpan Cooldown = TimeSpan.FromMilliseconds(100);

    public string Title => $"{Requests} requests at once to a sleeping instance, {Rounds} times";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await node.RunAsync(node.Plan(Cooldown), cancellation)).Failed(out var error, out var instance))
        {
            return error;
        }

        var answered = new Samples();
        long seen = 0, most = 0;
        for (var round = 0; round < Rounds; round++)
        {
            if ((await node.Api.WaitAsync(instance.Uuid, "standby", cancellation)).Failed(out error)
                || (await StormAsync(instance, answered, cancellation)).Failed(out error, out var last))
            {
                return error;
            }

            // Wakes are numbered by the gateway, so that one which no answer speaks of counts too. The first round finds those of the start.
            most = round == 0 ? most : Math.Max(most, last - seen);
            seen = last;
        }

        if ((await node.Api.DeleteAsync(instance.Uuid, cancellation)).Failed(out error))
        {
            return error;
        }

        return (Series[])
        [
            Series.Of("wake.storm.wakes", Units.Count, most),
            Series.Of("wake.storm.failed", Units.Count, answered.Failed),
            answered.ToSeries("wake.storm.first_byte"),
        ];
    }

    // Returns the number of the last wake. The connections are open before: requests come at once, not handshakes.
    private static async Task<Result<long>> StormAsync(BenchInstance instance, Samples answered, CancellationToken cancellation)
    {
        var probes = Enumerable.Range(0, Requests).Select(_ => new HttpProbe(instance.Gateway, keepAlive: false)).ToArray();
        try
        {
            foreach (var probe in probes)
            {
                if ((await probe.ConnectAsync(cancellation)).Failed(out var error))
                {
                    return error;
                }
            }

            var from = TimeProvider.System.GetTimestamp();
            var answers = await Task.WhenAll(probes.Select(probe => probe.GetAsync(cancellation)));
            long last = 0;
            foreach (var result in answers)
            {
                if (result.Failed(out _, out var answer))
                {
                    answered.Fail();
                }
                else
                {
                    answered.Add(TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt));
                    last = Math.Max(last, answer.Timing?.WakeNumber ?? 0);
                }
            }

            return last;
        }
        finally
        {
            foreach (var probe in probes)
            {
                probe.Dispose();
            }
        }
    }
}
