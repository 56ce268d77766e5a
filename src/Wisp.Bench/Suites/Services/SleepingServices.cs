using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Bench.Suites.Snapshots;
using Wisp.Contracts.Instances;

namespace Wisp.Bench.Suites.Services;

/// <summary>Many requests, spread over many services that all sleep: all at once, and by as many clients as a load generator has.</summary>
internal sealed class SleepingServices : IMeasurement
{
    private const int Services = 100;
    private const int Requests = 1000;
    private const int MostRounds = 5;
    private const int AtOnce = 4;
    // As many as hey has unless it is told otherwise.
    private const int Clients = 50;
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(1);

    public string Title => $"{Requests} requests at once and by {Clients} clients, spread over {Services} sleeping services";

    public NodeSettings Settings => NodeSettings.Named;

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await Template.MakeAsync(node, cancellation)).Failed(out var error, out var template)
            || (await StartAsync(node, template, cancellation)).Failed(out error, out var all))
        {
            return error;
        }

        var (atOnce, byClients) = (new Samples(), new Samples());
        foreach (var (clients, answers) in ((int, Samples)[])[(Requests, atOnce), (Clients, byClients)])
        {
            for (var round = 0; round < node.Count(MostRounds); round++)
            {
                if ((await RoundAsync(node, all, clients, answers, cancellation)).Failed(out error))
                {
                    return error;
                }
            }
        }

        foreach (var (_, uuid) in all)
        {
            if ((await node.Api.DeleteAsync(uuid, cancellation)).Failed(out error))
            {
                return error;
            }
        }

        return (await node.Api.DeleteTemplateAsync(template, cancellation)).Failed(out error)
            ? error
            : (Series[])
            [
                atOnce.ToSeries("services.sleepers100.answer"), byClients.ToSeries("services.sleepers100.clients50.answer"),
                Series.Of("services.sleepers100.failed", Units.Count, atOnce.Failed + byClients.Failed),
            ];
    }

    // When all sleep, every client asks one service after the other, until all requests are answered.
    private static async Task<Result> RoundAsync(
        BenchNode node, IReadOnlyList<(InstancePlan Plan, string Uuid)> all, int clients, Samples answers, CancellationToken cancellation)
    {
        foreach (var (_, uuid) in all)
        {
            if ((await node.Api.WaitAsync(uuid, "standby", cancellation)).Failed(out var error))
            {
                return error;
            }
        }

        var next = -1;
        var took = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(
            async () =>
            {
                var own = new List<TimeSpan?>();
                while (Interlocked.Increment(ref next) is var i && i < Requests)
                {
                    own.Add(await AskAsync(all[i % Services].Plan, cancellation));
                }

                return own;
            },
            cancellation)));
        foreach (var time in took.SelectMany(own => own))
        {
            if (time is { } answered)
            {
                answers.Add(answered);
            }
            else
            {
                answers.Fail();
            }
        }

        return Result.Success;
    }

    private static async Task<Result<IReadOnlyList<(InstancePlan Plan, string Uuid)>>> StartAsync(BenchNode node, string template, CancellationToken cancellation)
    {
        var all = new List<(InstancePlan, string)>();
        while (all.Count < Services)
        {
            var plans = Enumerable.Range(0, AtOnce).Select(_ => node.Plan(Cooldown) with { Template = template }).ToArray();
            var made = await Task.WhenAll(plans.Select(plan => node.Api.CreateAsync(plan, wait: true, cancellation)));
            foreach (var (plan, result) in plans.Zip(made))
            {
                // Each has been used before it sleeps: what a clone's first request costs is another figure (template.clone.first_byte).
                if (result.Failed(out var error, out Instance? instance) || (await HttpProbe.GetOnceAsync(plan.Gateway, cancellation)).Failed(out error, out _))
                {
                    return error;
                }

                all.Add((plan, instance.Uuid!));
            }
        }

        return all;
    }

    // From before the connect, as a user has it.
    private static async Task<TimeSpan?> AskAsync(InstancePlan plan, CancellationToken cancellation)
    {
        var from = TimeProvider.System.GetTimestamp();
        return (await HttpProbe.GetOnceAsync(plan.Gateway, cancellation)).Failed(out _, out var answer) ? null : TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt);
    }
}
