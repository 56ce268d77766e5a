using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Api;

/// <summary>Creating instances one after the other without starting them, and listing a thousand of them in full.</summary>
internal sealed class ThousandInstances : IMeasurement
{
    private const int Instances = 1000;
    private const int MostCreates = 200;
    private const int MostLists = 100;
    private const int WarmUp = 10;

    public string Title => $"creating instances, and listing {Instances} of them";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        Samples created = new(), listed = new();
        var uuids = new List<string>();
        for (var i = -WarmUp; i < node.Count(MostCreates); i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            if ((await node.Api.CreateStoppedAsync(node.Image.Name, 1, cancellation)).Failed(out var failed, out var made))
            {
                return failed;
            }

            var took = TimeProvider.System.GetElapsedTime(from);
            uuids.AddRange(made);
            if (i >= 0)
            {
                created.Add(took);
            }
        }

        if ((await StoppedFleet.FillAsync(node, uuids, Instances, cancellation)).Failed(out var error))
        {
            return error;
        }

        for (var i = -WarmUp; i < node.Count(MostLists); i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            if ((await node.Api.ReadAsync("/v1/instances?details=true", cancellation)).Failed(out error, out _))
            {
                return error;
            }

            if (i >= 0)
            {
                listed.Add(TimeProvider.System.GetElapsedTime(from));
            }
        }

        return (await StoppedFleet.DeleteAsync(node, uuids, cancellation)).Failed(out error)
            ? error
            : (Series[])[created.ToSeries("api.create"), listed.ToSeries("api.list1000")];
    }
}
