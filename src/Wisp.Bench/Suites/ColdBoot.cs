using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites;

/// <summary>A new instance, from the call that creates it until it runs, and until a request that came at once has its first byte.</summary>
internal sealed class ColdBoot : IMeasurement
{
    private const int Boots = 10;

    public string Title => $"booting {Boots} new instances";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        Samples running = new(), firstByte = new();
        // The first one reads its files from disk, which says more of the disk than of the boot.
        for (var i = -1; i < Boots; i++)
        {
            var plan = node.Plan(cooldown: null);
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

            var ran = TimeProvider.System.GetElapsedTime(from);
            var answered = await answering;
            if (i >= 0)
            {
                running.Add(ran);
                if (answered.IsSuccess)
                {
                    firstByte.Add(TimeProvider.System.GetElapsedTime(from, answered.Value.FirstByteAt));
                }
                else
                {
                    firstByte.Fail();
                }
            }

            if ((await node.Api.DeleteAsync(created.Uuid!, cancellation)).Failed(out error))
            {
                return error;
            }
        }

        return (Series[])[running.ToSeries("boot.cold.running"), firstByte.ToSeries("boot.cold.first_byte")];
    }
}
