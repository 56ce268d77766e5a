using Wisp.Bench.Suites;
using Wisp.Bench.Suites.Api;
using Wisp.Bench.Suites.Services;
using Wisp.Bench.Suites.Snapshots;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Bench;

/// <summary>Measures a node of its own, which it brings up in a temporary directory and takes down again, whatever happens.</summary>
public static class BenchCommand
{
    private const int Failed = 1;
    private const int Usage = 2;

    private static readonly ToolRunner Tools = new();

    // In this order: wispd's own memory is measured before the load tests have made it grow, and those that need the node set up in
    // another way than users have it come last.
    private static readonly (string[] Suites, IMeasurement Measurement)[] Measurements =
    [
        (["wake", "snapshots"], new PausedWake()),
        (["wake"], new WakeStorm()),
        (["wake"], new IdleNode()),
        (["boot", "snapshots"], new ColdBoot()),
        (["boot"], new CrunPeer(Tools)),
        (["gateway"], new GatewayCost(Tools)),
        (["cli"], new CommandStart(Tools)),
        (["api"], new ThousandInstances()),
        (["api"], new ManyClients()),
        (["snapshots"], new TemplateClones()),
        (["snapshots"], new HundredClones()),
        (["services"], new Burst()),
        (["services"], new ReferenceProxy(Tools)),
        (["services"], new SleepingServices()),
        (["services"], new ManyDomains()),
        (["services"], new IdleConnections()),
        (["services"], new Rounds()),
        (["snapshots"], new FreezePause()),
        (["snapshots"], new ReclaimedWake()),
        (["snapshots"], new HibernatedWake()),
        (["api"], new TenThousandStopped()),
    ];

    /// <summary>The suites there are.</summary>
    public static IReadOnlyList<string> Suites { get; } = ["wake", "boot", "snapshots", "gateway", "services", "cli", "api", "all"];

    /// <summary>Measures and prints.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="output">For the report.</param>
    /// <param name="progress">For who waits, and for errors.</param>
    /// <param name="cancellation">Gives up, taking everything down.</param>
    /// <returns>0; 1 when something could not be measured or taken down; 2 for an unknown suite or when nothing matches.</returns>
    public static async Task<int> RunAsync(BenchOptions options, TextWriter output, TextWriter progress, CancellationToken cancellation)
    {
        if (!Suites.Contains(options.Suite, StringComparer.Ordinal))
        {
            await progress.WriteLineAsync($"error: There is no suite '{options.Suite}'. Suites: {string.Join(", ", Suites)}.");
            return Usage;
        }

        var wanted = Measurements
            .Where(entry => options.Suite == "all" || entry.Suites.Contains(options.Suite, StringComparer.Ordinal))
            .Select(entry => entry.Measurement)
            .Where(measurement => options.Only is not { } only || measurement.Title.Contains(only, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        if (wanted.Length == 0)
        {
            await progress.WriteLineAsync($"error: Nothing in the suite '{options.Suite}' has '{options.Only}' in its title. Run it without --only to see the titles.");
            return Usage;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            await progress.WriteLineAsync("error: Measuring brings up a wispd, which needs root. Run it with sudo.");
            return Failed;
        }

        if (DaemonProgram.Locate(Environment.GetEnvironmentVariable).Failed(out var error, out var program))
        {
            await progress.WriteLineAsync($"error: {error}");
            return Failed;
        }

        try
        {
            return await new BenchRun(program, Tools, options, output, progress).RunAsync(wanted, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await progress.WriteLineAsync("error: Interrupted.");
            return Failed;
        }
    }
}
