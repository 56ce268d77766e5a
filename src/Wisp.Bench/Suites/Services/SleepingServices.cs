using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Bench.Suites.Snapshots;
using Wisp.Contracts.Instances;

namespace Wisp.Bench.Suites.Services;

/// <summary>Many requests at once, spread over many services that all sleep.</summary>
internal sealed class SleepingServices : IMeasurement
{
    private const int Services = 100;
    private const int Requests = 1000;
    private const int MostRounds = 5;
    private const int AtOnce = 4;
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(1);

    public string Title => $"{Requests} requests at once, spread over {Services} sleeping services";

    public NodeSettings Settings => NodeSettings.Named;

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await Template.MakeAsync(node, cancellation)).Failed(out var error, out var template)
            || (await StartAsync(node, template, cancellation)).Failed(out error, out var all))
        {
            return error;
        }

        var answers = new Samples();
        for (var round = 0; round < node.Count(MostRounds); round++)
        {
            foreach (var (_, uuid) in all)
            {
                if ((await node.Api.WaitAsync(uuid, "standby", cancellation)).Failed(out error))
                {
                    return error;
                }
            }

            var asked = await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => Task.Run(() => AskAsync(all[i % Services].Plan, cancellation), cancellation)));
            foreach (var time in asked)
            {
                if (time is { } took)
                {
                    answers.Add(took);
                }
                else
                {
                    answers.Fail();
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
            : (Series[])[answers.ToSeries("services.sleepers100.answer"), Series.Of("services.sleepers100.failed", Units.Count, answers.Failed)];
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
