using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Api;

/// <summary>Many instances that do not run.</summary>
internal static class StoppedFleet
{
    private const int PerCall = 100;

    /// <summary>Creates instances until there are as many.</summary>
    public static async Task<Result> FillAsync(BenchNode node, List<string> uuids, int count, CancellationToken cancellation)
    {
        while (uuids.Count < count)
        {
            if ((await node.Api.CreateStoppedAsync(node.Image.Name, Math.Min(PerCall, count - uuids.Count), cancellation)).Failed(out var error, out var made))
            {
                return error;
            }

            uuids.AddRange(made);
        }

        return Result.Success;
    }

    /// <summary>Deletes them.</summary>
    public static async Task<Result> DeleteAsync(BenchNode node, IEnumerable<string> uuids, CancellationToken cancellation)
    {
        foreach (var some in uuids.Chunk(PerCall))
        {
            if ((await node.Api.DeleteAsync(some, cancellation)).Failed(out var error))
            {
                return error;
            }
        }

        return Result.Success;
    }
}
