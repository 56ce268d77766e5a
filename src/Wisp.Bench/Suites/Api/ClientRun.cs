using System.Globalization;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;

namespace Wisp.Bench.Suites.Api;

/// <summary>Clients that read and write without a break.</summary>
/// <param name="node">The node.</param>
/// <param name="fleet">Instances that stay.</param>
internal sealed class ClientRun(BenchNode node, IReadOnlyList<string> fleet)
{
    /// <summary>Lets so many of them run for a while.</summary>
    /// <returns>How long each request took.</returns>
    public async Task<Samples> ForAsync(int clients, TimeSpan time, CancellationToken cancellation)
    {
        using var end = new CancellationTokenSource(time, TimeProvider.System);
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => ClientAsync(client, end.Token, cancellation), cancellation)));
        var samples = new Samples();
        foreach (var (took, ok) in all.SelectMany(of => of))
        {
            if (ok)
            {
                samples.Add(took);
            }
            else
            {
                samples.Fail();
            }
        }

        return samples;
    }

    private async Task<List<(TimeSpan Took, bool Ok)>> ClientAsync(int number, CancellationToken end, CancellationToken cancellation)
    {
        // The same requests in every run.
        var random = new Random(number);
        var done = new List<(TimeSpan, bool)>();
        string? own = null;
        using var api = new NodeApi(node.Record);
        for (var turn = 0; !end.IsCancellationRequested || own is not null; turn++)
        {
            var some = fleet[random.Next(fleet.Count)];
            var writes = end.IsCancellationRequested || random.Next(10) < 3;
            var from = TimeProvider.System.GetTimestamp();
            bool ok;
            if (!writes)
            {
                ok = !(await api.ReadAsync(random.Next(7) == 0 ? "/v1/instances?count=20&details=true" : $"/v1/instances/{some}", cancellation)).Failed(out _, out _);
            }
            else if (own is not null)
            {
                ok = !(await api.DeleteAsync(own, cancellation)).Failed(out _);
                own = null;
            }
            else if (turn % 2 == 0)
            {
                ok = !(await api.CreateStoppedAsync(node.Image.Name, 1, cancellation)).Failed(out _, out var made);
                own = ok ? made![0] : null;
            }
            else
            {
                ok = !(await api.SetEnvironmentAsync(some, "TURN", turn.ToString(CultureInfo.InvariantCulture), cancellation)).Failed(out _);
            }

            done.Add((TimeProvider.System.GetElapsedTime(from), ok));
        }

        return done;
    }
}
