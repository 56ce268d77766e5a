using System.Text.Json;
using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Bench.Reporting;
using Wisp.Bench.Suites;
using Wisp.Images;
using Wisp.Layout;
using Wisp.Tools;

namespace Wisp.Bench;

/// <summary>One run: a data directory, a wispd over it for each way of setting it up, and what was measured.</summary>
internal sealed class BenchRun(DaemonProgram program, IToolRunner tools, BenchOptions options, TextWriter output, TextWriter progress)
{
    private readonly Daemon _daemon = new(program, tools);
    private readonly List<Series> _results = [];
    private BuildahImageBuilder? _builder;
    private string _directory = "";
    private string _accelerator = "unknown";
    private bool _failed;

    /// <summary>Measures and prints, and takes everything down.</summary>
    /// <returns>0; 1 when something could not be measured or taken down.</returns>
    public async Task<int> RunAsync(IReadOnlyList<IMeasurement> wanted, CancellationToken cancellation)
    {
        try
        {
            var machine = await MachineDescription.ReadAsync(tools, cancellation);
            if ((await BuildAsync(cancellation)).Failed(out var error, out var image))
            {
                await SayAsync(error.ToString());
                return 1;
            }

            foreach (var settings in wanted.Select(measurement => measurement.Settings).Distinct())
            {
                await MeasureAsync(settings, [.. wanted.Where(measurement => measurement.Settings == settings)], image, cancellation);
            }

            await ReportAsync(machine, cancellation);
        }
        finally
        {
            if ((await _daemon.RemoveAsync()).Failed(out var error))
            {
                await SayAsync(error.ToString());
            }
        }

        return _failed ? 1 : 0;
    }

    private async Task<Result<StoredImage>> BuildAsync(CancellationToken cancellation)
    {
        var directory = options.ImageDirectory;
        if (directory is null && SourceTree.Find().HelloDirectory().Failed(out var error, out directory))
        {
            return error;
        }

        _directory = directory;
        await progress.WriteLineAsync($"Building {directory}");
        _builder = new BuildahImageBuilder(new ImageStore(_daemon.Data.Images, TimeProvider.System), tools);
        return (await _builder.BuildAsync(new BuildRequest(directory, "bench"), null, cancellation)).Failed(out error, out var built) ? error : built.Image;
    }

    private async Task MeasureAsync(NodeSettings settings, IReadOnlyList<IMeasurement> wanted, StoredImage image, CancellationToken cancellation)
    {
        await progress.WriteLineAsync($"Starting wispd over {_daemon.Data.Root} {string.Join(' ', settings.Arguments)}".TrimEnd());
        if ((await _daemon.StartAsync(settings, cancellation)).Failed(out var error, out var record))
        {
            await SayAsync(error.ToString());
            return;
        }

        _accelerator = record.Accelerator;
        using var node = new BenchNode(_daemon, record, _builder!, image, _directory, options.Count, progress);
        foreach (var measurement in wanted)
        {
            await progress.WriteLineAsync($"Measuring: {measurement.Title}");
            if ((await MeasureAsync(measurement, node, cancellation)).Failed(out error, out var series))
            {
                await SayAsync($"{measurement.Title}: {error}");
            }
            else
            {
                _results.AddRange(series);
            }
        }

        if ((await _daemon.StopAsync()).Failed(out error))
        {
            await SayAsync(error.ToString());
        }
    }

    private static async Task<Result<IReadOnlyList<Series>>> MeasureAsync(IMeasurement measurement, BenchNode node, CancellationToken cancellation)
    {
        try
        {
            return await measurement.MeasureAsync(node, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested
            && exception is (HttpRequestException or IOException or JsonException or OperationCanceledException))
        {
            // wispd is gone, or does not answer: nothing was measured, and it is still to be taken down.
            return new WispError(ErrorCode.OperationFailed, exception.Message);
        }
    }

    private async Task ReportAsync(MachineDescription machine, CancellationToken cancellation)
    {
        var report = new BenchReport(_accelerator, machine, await SourceTree.Find().CommitAsync(tools, cancellation), _results);
        await output.WriteAsync(options.Json
            ? JsonSerializer.Serialize(report, BenchJson.Default.BenchReport) + "\n"
            : ReportTable.Render(report));
    }

    private async Task SayAsync(string error)
    {
        _failed = true;
        await progress.WriteLineAsync($"error: {error}");
    }
}
