using System.Collections.Concurrent;
using Wisp.Tools;

namespace Wisp.Primitives.Tests.Tools;

/// <summary>Real programs.</summary>
public sealed class ToolRunnerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ToolRunner _tools = new();

    [Fact]
    public async Task Output_and_exit_code_come_back()
    {
        var output = (await ShellAsync("echo one; echo two >&2; exit 3")).Value;
        Assert.Equal((3, "one\n", "two\n", false), (output.ExitCode, output.Stdout, output.Stderr, output.Ok));
    }

    [Fact]
    public async Task A_signal_shows_as_128_and_its_number() =>
        Assert.Equal(137, (await ShellAsync("kill -9 $$")).Value.ExitCode);

    [Fact]
    public async Task Lines_are_told_as_they_come()
    {
        var lines = new ConcurrentQueue<ToolLine>();
        // The program ends only when somebody has heard its first line and opened the pipe's other end.
        using var directory = new TemporaryDirectory();
        var gate = directory.Fifo("gate");
        await _tools.RunAsync(
            new ToolCommand("sh", "-c", $"echo ready; read line < {gate}; echo $line >&2; printf unfinished"),
            line =>
            {
                lines.Enqueue(line);
                if (line.Text == "ready")
                {
                    File.WriteAllText(gate, "heard\n");
                }
            });
        Assert.Equal(
            [new("heard", true), new("ready", false), new("unfinished", false)],
            lines.OrderBy(line => line.Text, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Input_is_passed_whole()
    {
        var input = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"{number} käse\n"));
        Assert.Equal(input, (await _tools.RunAsync(new ToolCommand("cat") { Input = input })).Value.Stdout);
    }

    [Fact]
    public async Task A_program_without_input_reads_its_end() =>
        Assert.Equal("0\n", (await _tools.RunAsync(new ToolCommand("wc", "-c"))).Value.Stdout);

    [Fact]
    public async Task A_program_that_does_not_read_its_input_is_judged_by_its_exit_code() =>
        Assert.True((await _tools.RunAsync(new ToolCommand("true") { Input = new string('x', 10_000_000) })).Value.Ok);

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are() =>
        Assert.Equal("a b|$HOME|*||\n", (await _tools.RunAsync(new ToolCommand("printf", "%s|%s|%s|%s|\\n", "a b", "$HOME", "*", ""))).Value.Stdout);

    [Fact]
    public async Task Directory_and_variables_are_set()
    {
        var command = new ToolCommand("sh", "-c", "pwd; echo $WISP_TEST")
        {
            WorkingDirectory = "/usr",
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["WISP_TEST"] = "seen" },
        };
        Assert.Equal("/usr\nseen\n", (await _tools.RunAsync(command)).Value.Stdout);
    }

    [Fact]
    public async Task A_missing_program_is_an_error_and_not_an_exception()
    {
        Assert.True((await _tools.RunAsync(new ToolCommand("wisp-no-such-program"))).Failed(out var error, out _));
        Assert.Equal((ErrorCode.OperationFailed, "missing-program"), (error.Code, error.Help));
        Assert.Contains("'wisp-no-such-program'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_working_directory_is_not_blamed_on_the_program()
    {
        Assert.True((await _tools.RunAsync(new ToolCommand("true") { WorkingDirectory = "/no/such" })).Failed(out var error, out _));
        Assert.Contains("/no/such", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_program_and_its_children()
    {
        using var directory = new TemporaryDirectory();
        using var cancellation = new CancellationTokenSource();
        var held = directory.Fifo("held");
        // Both hold the pipe open for writing; it comes to its end when both are gone.
        var reading = Task.Run(() => File.ReadAllTextAsync(held));
        var running = _tools.RunAsync(
            new ToolCommand("sh", "-c", $"exec 5> {held}; sleep 100000 & echo started; wait"), _ => cancellation.Cancel(), cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("", await reading.WaitAsync(Limit));
    }

    [Fact]
    public async Task What_is_cancelled_is_gone_when_the_call_returns()
    {
        using var cancellation = new CancellationTokenSource();
        var pid = "";
        var running = _tools.RunAsync(
            new ToolCommand("sh", "-c", "echo $$; exec sleep 100000"),
            line =>
            {
                pid = line.Text;
                cancellation.Cancel();
            },
            cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.False(Directory.Exists("/proc/" + pid));
    }

    private Task<Result<ToolOutput>> ShellAsync(string script) => _tools.RunAsync(new ToolCommand("sh", "-c", script));
}
