using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Snapshots;

/// <summary>A clone of a template, from the call that creates and starts it to the first byte through its service.</summary>
internal sealed class TemplateClones : IMeasurement
{
    private const int MostClones = 50;

    public string Title => "starting clones of a template";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await Template.MakeAsync(node, cancellation)).Failed(out var error, out var template))
        {
            return error;
        }

        var clones = node.Count(MostClones);
        Samples running = new(), firstByte = new();
        for (var i = -1; i < clones; i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            var plan = node.Plan(cooldown: null) with { Template = template };
            if ((await node.Api.CreateAsync(plan, wait: false, cancellation)).Failed(out error, out var created))
            {
                return error;
            }

            var answered = await HttpProbe.GetOnceAsync(plan.Gateway, cancellation);
            if ((await node.Api.GetAsync(created.Uuid!, cancellation)).Failed(out error, out var clone)
                || (await node.Api.DeleteAsync(created.Uuid!, cancellation)).Failed(out error))
            {
                return error;
            }

            if (i >= 0)
            {
                running.AddMicroseconds(clone.VmmStartTimeUs + clone.VmmLoadTimeUs);
                if (answered.Failed(out _, out var answer))
                {
                    firstByte.Fail();
                }
                else
                {
                    firstByte.Add(TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt));
                }
            }
        }

        return (await node.Api.DeleteTemplateAsync(template, cancellation)).Failed(out error)
            ? error
            : (Series[])[running.ToSeries("template.clone.running"), firstByte.ToSeries("template.clone.first_byte")];
    }
}
