using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites;

/// <summary>
/// A new instance, from the call that creates it until it runs, and until a request that came at once has its first byte: booted, and,
/// side by side in the same run, restored from the boot snapshot of its image, as every start but the first is.
/// </summary>
internal sealed class ColdBoot : IMeasurement
{
    private const int MostBoots = 10;
    private const int MostRestores = 50;

    public string Title => "starting new instances, booted and restored";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        var (boots, restores) = (node.Count(MostBoots), node.Count(MostRestores));
        var every = Math.Max(1, restores / boots);
        Samples booted = new(), bootedByte = new(), restored = new(), restoredByte = new();
        // The first ones read their files from disk, and make the boot snapshot.
        if ((await StartAsync(node, cold: true, new(), new(), cancellation)).Failed(out var error)
            || (await StartAsync(node, cold: false, new(), new(), cancellation)).Failed(out error)
            || (await StartAsync(node, cold: false, new(), new(), cancellation)).Failed(out error))
        {
            return error;
        }

        for (var i = 0; i < restores; i++)
        {
            if ((await StartAsync(node, cold: false, restored, restoredByte, cancellation)).Failed(out error)
                || (i % every == 0 && i / every < boots && (await StartAsync(node, cold: true, booted, bootedByte, cancellation)).Failed(out error)))
            {
                return error;
            }
        }

        return (Series[])
        [
            booted.ToSeries("boot.cold.running"), bootedByte.ToSeries("boot.cold.first_byte"),
            restored.ToSeries("boot.snapshot.running"), restoredByte.ToSeries("boot.snapshot.first_byte"),
        ];
    }

    private static async Task<Result> StartAsync(BenchNode node, bool cold, Samples running, Samples firstByte, CancellationToken cancellation)
    {
        var plan = node.Plan(cooldown: null) with { Cold = cold };
        var from = TimeProvider.System.GetTimestamp();
        if ((await node.Api.CreateAsync(plan, wait: false, cancellation)).Failed(out var error, out var created))
        {
            return error;
        }

        var answering = HttpProbe.GetOnceAsync(new IPEndPoint(IPAddress.Loopback, plan.Port), cancellation);
        if ((await node.Api.WaitAsync(created.Uuid!, "running", cancellation)).Failed(out error))
        {
            await answering;
            return error;
        }

        running.Add(TimeProvider.System.GetElapsedTime(from));
        var answered = await answering;
        if (answered.IsSuccess)
        {
            firstByte.Add(TimeProvider.System.GetElapsedTime(from, answered.Value.FirstByteAt));
        }
        else
        {
            firstByte.Fail();
        }

        return await node.Api.DeleteAsync(created.Uuid!, cancellation);
    }
}
