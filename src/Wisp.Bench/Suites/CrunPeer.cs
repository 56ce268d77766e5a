using System.Globalization;
using System.Net;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Bench.Peers;
using Wisp.Tools;

namespace Wisp.Bench.Suites;

/// <summary>What a user would otherwise have: the same server from the same image in a new container, from start to first byte.</summary>
internal sealed class CrunPeer(IToolRunner tools) : IMeasurement
{
    private const int Starts = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Title => $"starting {Starts} new crun containers";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await PeerNetwork.MakeAsync(tools, cancellation)).Failed(out var error, out var network))
        {
            return error;
        }

        await using (network)
        {
            var directory = Path.Combine(node.ScratchDirectory, "crun");
            if ((await ContainerBundle.MakeAsync(node.Image, network.Path, directory, tools, cancellation)).Failed(out error, out var bundle))
            {
                return error;
            }

            var firstByte = new Samples();
            for (var i = -1; i < Starts; i++)
            {
                await using var container = CrunContainer.Prepare(bundle, string.Create(CultureInfo.InvariantCulture, $"peer{i + 1}"), tools);
                var timed = await StartAsync(container, new IPEndPoint(network.Address, InstancePlan.ServerPort), cancellation);
                if (timed.Failed(out error, out var time))
                {
                    return error;
                }

                if (i >= 0)
                {
                    firstByte.Add(time);
                }
            }

            return (Series[])[firstByte.ToSeries("peer.crun.first_byte")];
        }
    }

    private static async Task<Result<TimeSpan>> StartAsync(CrunContainer container, IPEndPoint server, CancellationToken cancellation)
    {
        var from = TimeProvider.System.GetTimestamp();
        await container.StartAsync();
        while (true)
        {
            if ((await HttpProbe.GetOnceAsync(server, cancellation)) is { IsSuccess: true, Value: var answer })
            {
                return TimeProvider.System.GetElapsedTime(from, answer.FirstByteAt);
            }

            if (container.HasEnded)
            {
                return new WispError(ErrorCode.OperationFailed, $"crun: {await container.ReadErrorsAsync()}");
            }

            if (TimeProvider.System.GetElapsedTime(from) > Patience)
            {
                return new WispError(ErrorCode.TimedOut, $"The server did not answer in a crun container within {Patience.TotalSeconds} s.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
        }
    }
}
