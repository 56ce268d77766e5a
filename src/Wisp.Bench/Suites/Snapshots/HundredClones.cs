using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Contracts.Instances;

namespace Wisp.Bench.Suites.Snapshots;

/// <summary>100 clones of a template in one call: until each of them has answered, and what memory they take.</summary>
internal sealed class HundredClones : IMeasurement
{
    private const int Clones = 100;

    public string Title => $"starting {Clones} clones of a template in one call";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await Template.MakeAsync(node, cancellation)).Failed(out var error, out var template))
        {
            return error;
        }

        var available = MemoryMeter.AvailableMib();
        var from = TimeProvider.System.GetTimestamp();
        if ((await node.Api.CloneAsync(template, Clones, cancellation)).Failed(out error, out var clones))
        {
            return error;
        }

        // Past the gateway: a service would balance over them, and the slowest would not be seen.
        var answers = await Task.WhenAll(clones.Where(clone => clone.Error is null).Select(clone => AskAsync(clone, cancellation)));
        var last = answers.Max() is { } at ? TimeProvider.System.GetElapsedTime(from, at) : TimeSpan.Zero;
        var used = available - MemoryMeter.AvailableMib();
        var own = clones.Where(clone => clone.Error is null).Sum(clone => node.VmmPid(clone.Uuid!) is { } pid ? MemoryMeter.PrivateMib(pid) : 0);
        foreach (var clone in clones.Where(clone => clone.Uuid is not null))
        {
            if ((await node.Api.DeleteAsync(clone.Uuid!, cancellation)).Failed(out error))
            {
                return error;
            }
        }

        return (await node.Api.DeleteTemplateAsync(template, cancellation)).Failed(out error)
            ? error
            : (Series[])
            [
                Series.Of("template.clone100.seconds", Units.Seconds, last.TotalSeconds),
                Series.Of("template.clone100.failed", Units.Count, Clones - answers.Count(answer => answer is not null)),
                Series.Of("template.clone100.rss_mib", Units.Mebibytes, own),
                Series.Of("template.clone100.available_mib", Units.Mebibytes, used),
            ];
    }

    private static async Task<long?> AskAsync(Instance clone, CancellationToken cancellation) =>
        (await HttpProbe.GetOnceAsync(new IPEndPoint(IPAddress.Parse(clone.PrivateIp!), InstancePlan.ServerPort), cancellation)).Failed(out _, out var answer)
            ? null
            : answer.FirstByteAt;
}
