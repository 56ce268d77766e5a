using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites;

/// <summary>
/// A request to a sleeping instance, on a connection of its own, until the first byte; after it, in the same run, the same request
/// to the instance that is now awake. The instance falls asleep by itself, as it does for users.
/// </summary>
internal sealed class PausedWake : IMeasurement
{
    private const int MostWakes = 200;
    private const int WarmUp = 10;
    private static readonly TimeSpan Cooldown = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CpuWindow = TimeSpan.FromSeconds(10);

    public string Title => "waking a paused instance";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await node.RunAsync(node.Plan(Cooldown), cancellation)).Failed(out var error, out var instance))
        {
            return error;
        }

        Samples paused = new(), held = new(), answered = new(), warm = new(), added = new();
        var wakes = node.Count(MostWakes);
        for (var i = -WarmUp; i < wakes; i++)
        {
            if ((await node.Api.WaitAsync(instance.Uuid, "standby", cancellation)).Failed(out error))
            {
                return error;
            }

            var woken = await instance.TimeAsync(cancellation);
            var awake = await instance.TimeAsync(cancellation);
            if (i < 0)
            {
                continue;
            }

            // An answer that waited for no wake measures something else.
            if (woken is { Timing: { } timing, Time: var time })
            {
                paused.Add(time);
                held.Add(timing.Hold);
                answered.Add(timing.FirstByte);
            }
            else
            {
                paused.Fail();
            }

            if (awake is { Timing: null, Time: var warmTime })
            {
                warm.Add(warmTime);
                if (woken is not null)
                {
                    added.Add(woken.Value.Time - warmTime);
                }
            }
            else
            {
                warm.Fail();
            }
        }

        if ((await node.Api.WaitAsync(instance.Uuid, "standby", cancellation)).Failed(out error)
            || (await ProcessMeter.CpuPercentAsync([instance.VmmPid], CpuWindow, cancellation)).Failed(out error, out var cpu)
            || (await node.Api.DeleteAsync(instance.Uuid, cancellation)).Failed(out error))
        {
            return error;
        }

        return (Series[])
        [
            paused.ToSeries("wake.paused.first_byte"),
            held.ToSeries("wake.paused.hold"),
            answered.ToSeries("wake.paused.ttfb"),
            warm.ToSeries("wake.warm.first_byte"),
            added.ToSeries("wake.paused.added"),
            Series.Of("wake.paused.cpu_percent", Units.Percent, cpu),
        ];
    }
}
