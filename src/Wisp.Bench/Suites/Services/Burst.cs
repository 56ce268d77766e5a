using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Bench.Suites.Snapshots;

namespace Wisp.Bench.Suites.Services;

/// <summary>A service that scales on demand, from one instance to eight when a load sets in.</summary>
internal sealed class Burst : IMeasurement
{
    private const int Size = 8;
    private const int Clients = 16;
    private const int MostRounds = 10;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public string Title => $"a service that grows from one instance to {Size}";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        var plan = node.Plan(cooldown: null);
        if ((await Template.MakeAsync(node, cancellation)).Failed(out var error, out var template)
            || (await node.Api.ScaleAsync(plan.Port, template, Size, cancellation)).Failed(out error, out var group))
        {
            return error;
        }

        Samples running = new(), answers = new();
        for (var round = 0; round < node.Count(MostRounds); round++)
        {
            // Nobody else is there, and the last change has taken effect.
            await UntilAsync(node, group, 1, cancellation);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            await RoundAsync(node, group, plan.Gateway, running, answers, cancellation);
        }

        return (await node.Api.EndScalingAsync(group, cancellation)).Failed(out error) || (await node.Api.DeleteTemplateAsync(template, cancellation)).Failed(out error)
            ? error
            : (Series[])
            [
                running.ToSeries("services.burst.running"), answers.ToSeries("services.burst.answer"),
                Series.Of("services.burst.failed", Units.Count, answers.Failed),
            ];
    }

    private static async Task RoundAsync(BenchNode node, string group, IPEndPoint gateway, Samples running, Samples answers, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var from = TimeProvider.System.GetTimestamp();
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(gateway, answers, enough.Token, cancellation), cancellation)).ToArray();
        await UntilAsync(node, group, Size, cancellation);
        running.Add(TimeProvider.System.GetElapsedTime(from));
        await enough.CancelAsync();
        await Task.WhenAll(clients);
    }

    private static async Task UntilAsync(BenchNode node, string group, int size, CancellationToken cancellation)
    {
        while (await node.Api.SizeAsync(group, cancellation) != (size, size))
        {
            await Task.Delay(Look, cancellation);
        }
    }

    // What was asked when it is enough is still answered.
    private static async Task AskAsync(IPEndPoint gateway, Samples answers, CancellationToken enough, CancellationToken cancellation)
    {
        while (!enough.IsCancellationRequested)
        {
            var from = TimeProvider.System.GetTimestamp();
            using var probe = new HttpProbe(gateway, keepAlive: false, "/slow?ms=200");
            var answered = (await probe.ConnectAsync(cancellation)).Failed(out var error) ? error : await probe.GetAsync(cancellation);
            lock (answers)
            {
                if (answered.Failed(out _, out var answer))
                {
                    answers.Fail();
                }
                else
                {
                    answers.Add(TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt));
                }
            }
        }
    }
}
