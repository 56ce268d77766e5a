using System.CommandLine;
using Wisp.Bench;
using Wisp.Cli.CommandLine;
using Wisp.Cli.Output;

namespace Wisp.Cli.Commands;

/// <summary><c>wisp bench</c>.</summary>
internal static class BenchCommand
{
    public static Verb Create(Shell shell)
    {
        var suite = new Argument<string>("suite") { Description = "What to measure.", DefaultValueFactory = _ => "all" };
        suite.AcceptOnlyFromAmong([.. Bench.BenchCommand.Suites]);
        var directory = new Option<string>("--image-dir") { Description = "A directory with the Dockerfile of an HTTP server on port 8080 [examples/hello].", HelpName = "DIR" };
        var count = new Option<int?>("--count") { Description = "How often each thing is measured at most, for a trial run [as the figures need].", HelpName = "N" };
        var only = new Option<string>("--only") { Description = "Only what has this in its title.", HelpName = "TEXT" };
        return new Verb(
            "bench", "Measure a node of its own, which is brought up for it and taken down again.",
            "sudo wisp bench", "sudo wisp bench wake -o json", "sudo wisp bench services --only \"sleeping services\"")
        {
            suite, only, directory, count,
        }.Runs(shell, async call => await Bench.BenchCommand.RunAsync(
            new BenchOptions { Suite = call.Get(suite), Only = call.Get(only), Json = call.Format is OutputFormat.Json or OutputFormat.Raw, ImageDirectory = call.Get(directory), Count = call.Get(count) },
            shell.Output, shell.Error, call.Cancellation));
    }
}
