using Wisp.Bench.Measuring;
using Wisp.Bench.Node;
using Wisp.Bench.Reporting;
using Wisp.Tools;

namespace Wisp.Bench.Suites;

/// <summary>A command that does next to nothing, compiled to machine code, from before its process is made until it has ended.</summary>
internal sealed class CommandStart(IToolRunner tools) : IMeasurement
{
    private const int Starts = 100;
    private const int WarmUp = 5;

    public string Title => $"starting dist/wisp {Starts} times for its version and {Starts} times for its help";

    public async Task<Result<IReadOnlyList<Series>>> MeasureAsync(BenchNode node, CancellationToken cancellation)
    {
        if ((await ProgramAsync(cancellation)).Failed(out var error, out var program)
            || (await StartAsync(node, program, "version", cancellation)).Failed(out error, out var version)
            || (await StartAsync(node, program, "--help", cancellation)).Failed(out error, out var help))
        {
            return error;
        }

        return (Series[])[version.ToSeries("cli.version"), help.ToSeries("cli.help")];
    }

    private async Task<Result<string>> ProgramAsync(CancellationToken cancellation)
    {
        if (SourceTree.Find().Root is not { } root)
        {
            return new WispError(ErrorCode.InvalidValue, "There is no source tree around this program to compile.", "Run it from a source tree.");
        }

        var program = Path.Combine(root, "dist", "wisp");
        if (File.Exists(program))
        {
            return program;
        }

        return (await tools.RunAsync(new ToolCommand(Path.Combine(root, "eng", "publish")), null, cancellation)).Failed(out var error, out var output)
            ? error
            : output.Ok ? program : new WispError(ErrorCode.OperationFailed, $"eng/publish failed: {output.LastLine}");
    }

    private async Task<Result<Samples>> StartAsync(BenchNode node, string program, string argument, CancellationToken cancellation)
    {
        var samples = new Samples();
        for (var i = -WarmUp; i < node.Count(Starts); i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            if ((await tools.RunAsync(new ToolCommand(program, argument), null, cancellation)).Failed(out var error, out var output))
            {
                return error;
            }

            var took = TimeProvider.System.GetElapsedTime(from);
            if (i >= 0 && output.Ok)
            {
                samples.Add(took);
            }
            else if (i >= 0)
            {
                samples.Fail();
            }
        }

        return samples;
    }
}
