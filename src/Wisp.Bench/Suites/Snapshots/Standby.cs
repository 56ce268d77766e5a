using Wisp.Bench.Node;
using Wisp.Contracts.Instances;

namespace Wisp.Bench.Suites.Snapshots;

/// <summary>Waits for how deep an instance sleeps: no request tells, since it would wake it.</summary>
internal static class Standby
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Returns the instance once it sleeps so deep.</summary>
    public static async Task<Result<Instance>> UntilAsync(BenchNode node, string uuid, string depth, CancellationToken cancellation)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if ((await node.Api.GetAsync(uuid, cancellation)).Failed(out var error, out var instance))
            {
                return error;
            }

            if (instance.StandbyDepth == depth)
            {
                return instance;
            }

            if (TimeProvider.System.GetElapsedTime(from) > Patience)
            {
                return new WispError(
                    ErrorCode.TimedOut, $"Instance '{instance.Name}' is {instance.State} ({instance.StandbyDepth ?? "awake"}) and not {depth} after {Patience.TotalSeconds} s.");
            }

            await Task.Delay(LookInterval, TimeProvider.System, cancellation);
        }
    }
}
