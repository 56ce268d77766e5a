using System.Text.Json;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Bench.Reporting;
using Wisp.Bench.Suites;
using Wisp.Images;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Bench;

/// <summary>Measures a node of its own, which it brings up in a temporary directory and takes down again, whatever happens.</summary>
public static class BenchCommand
{
    private const int Ok = 0;
    private const int Failed = 1;
    private const int Usage = 2;

    private static readonly ToolRunner Tools = new();

    // In this order: wispd's own memory is measured before the load tests have made it grow.
    private static readonly (string Suite, IMeasurement Measurement)[] Measurements =
    [
        ("wake", new PausedWake()),
        ("wake", new WakeStorm()),
        ("wake", new IdleNode()),
        ("boot", new ColdBoot()),
        ("boot", new CrunPeer(Tools)),
        ("gateway", new GatewayCost(Tools)),
    ];

    /// <summary>The suites there are.</summary>
    public static IReadOnlyList<string> Suites { get; } = [.. Measurements.Select(entry => entry.Suite).Distinct(), "all"];

    /// <summary>Measures and prints.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="output">For the report.</param>
    /// <param name="progress">For who waits, and for errors.</param>
    /// <param name="cancellation">Gives up, taking everything down.</param>
    /// <returns>0; 1 when something could not be measured or taken down; 2 for an unknown suite.</returns>
    public static async Task<int> RunAsync(BenchOptions options, TextWriter output, TextWriter progress, CancellationToken cancellation)
    {
        if (!Suites.Contains(options.Suite, StringComparer.Ordinal))
        {
            await progress.WriteLineAsync($"error: There is no suite '{options.Suite}'. Suites: {string.Join(", ", Suites)}.");
            return Usage;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            await progress.WriteLineAsync("error: Measuring brings up a wispd, which needs root. Run it with sudo.");
            return Failed;
        }

        var wanted = Measurements.Where(entry => options.Suite == "all" || options.Suite == entry.Suite).Select(entry => entry.Measurement).ToArray();
        try
        {
            return await MeasureAsync(options, wanted, output, progress, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await progress.WriteLineAsync("error: Interrupted.");
            return Failed;
        }
    }

    private static async Task<int> MeasureAsync(
        BenchOptions options, IReadOnlyList<IMeasurement> wanted, TextWriter output, TextWriter progress, CancellationToken cancellation)
    {
        if (DaemonProgram.Locate(Environment.GetEnvironmentVariable).Failed(out var error, out var program))
        {
            await progress.WriteLineAsync($"error: {error}");
            return Failed;
        }

        var daemon = new Daemon(program, Tools);
        var code = Failed;
        try
        {
            if ((await BringUpAsync(daemon, options, progress, cancellation)).Failed(out error, out var node))
            {
                await progress.WriteLineAsync($"error: {error}");
            }
            else
            {
                using (node.Api)
                {
                    code = await MeasureAsync(node, options, wanted, output, progress, cancellation);
                }
            }
        }
        finally
        {
            if ((await daemon.RemoveAsync()).Failed(out error))
            {
                await progress.WriteLineAsync($"error: {error}");
                code = Failed;
            }
        }

        return code;
    }

    private static async Task<Result<BenchNode>> BringUpAsync(Daemon daemon, BenchOptions options, TextWriter progress, CancellationToken cancellation)
    {
        var directory = options.ImageDirectory;
        if (directory is null && SourceTree.Find().HelloDirectory().Failed(out var error, out directory))
        {
            return error;
        }

        await progress.WriteLineAsync($"Building {directory}");
        var builder = new BuildahImageBuilder(new ImageStore(daemon.Data.Images, TimeProvider.System), Tools);
        if ((await builder.BuildAsync(new BuildRequest(directory, "bench"), null, cancellation)).Failed(out error, out var built))
        {
            return error;
        }

        await progress.WriteLineAsync($"Starting wispd over {daemon.Data.Root}");
        return (await daemon.StartAsync(cancellation)).Failed(out error, out var record)
            ? error
            : new BenchNode(daemon, record, built.Image, new NodeApi(record));
    }

    private static async Task<int> MeasureAsync(
        BenchNode node, BenchOptions options, IReadOnlyList<IMeasurement> wanted, TextWriter output, TextWriter progress, CancellationToken cancellation)
    {
        var code = Ok;
        var machine = await MachineDescription.ReadAsync(Tools, cancellation);
        var results = new List<Series>();
        foreach (var measurement in wanted)
        {
            await progress.WriteLineAsync($"Measuring: {measurement.Title}");
            Result<IReadOnlyList<Series>> measured;
            try
            {
                measured = await measurement.MeasureAsync(node, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested
                && exception is (HttpRequestException or IOException or JsonException or OperationCanceledException))
            {
                // wispd is gone, or does not answer: nothing was measured, and it is still to be taken down.
                measured = new WispError(ErrorCode.OperationFailed, exception.Message);
            }

            if (measured.Failed(out var error, out var series))
            {
                await progress.WriteLineAsync($"error: {measurement.Title}: {error}");
                code = Failed;
            }
            else
            {
                results.AddRange(series);
            }
        }

        var report = new BenchReport(
            node.Record.Accelerator,
            machine,
            await SourceTree.Find().CommitAsync(Tools, cancellation),
            results);
        await output.WriteAsync(options.Json
            ? JsonSerializer.Serialize(report, BenchJson.Default.BenchReport) + "\n"
            : ReportTable.Render(report));
        return code;
    }
}
