using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Wisp.Cli.Progress;
using Wisp.Images;

namespace Wisp.Cli.Tests;

/// <summary>What people see of a build at a terminal.</summary>
public sealed partial class BuildProgressTests
{
    [Fact]
    public async Task The_step_at_work_is_shown_with_its_time_on_one_line_and_what_failed_with_its_output()
    {
        var time = new FakeTimeProvider();
        using var screen = new Screen();
        var shell = new Shell
        {
            Output = TextWriter.Null, Error = screen, ErrorIsTerminal = true, Width = 100, Time = time,
            Environment = name => name == "NO_COLOR" ? "1" : null,
        };
        var built = await BuildProgress.WatchAsync(shell, async progress =>
        {
            progress.Report(new BuildEvent.Step("RUN make all"));
            await screen.ShowsAsync("RUN make all 0.0s");
            time.Advance(TimeSpan.FromSeconds(75));
            // Nothing was said meanwhile.
            await screen.ShowsAsync("RUN make all 1m15s");
            progress.Report(new BuildEvent.Output("cc -c one.c"));
            progress.Report(new BuildEvent.Output("one.c:1: error"));
            await screen.ShowsAsync("RUN make all 1m15s one.c:1: error");
            return new WispError(ErrorCode.OperationFailed, "It did not build.");
        });
        Assert.False(built.IsSuccess);
        Assert.Equal(["✗ RUN make all 1m15s", "  cc -c one.c", "  one.c:1: error"], screen.Lines.Where(line => line.StartsWith('✗') || line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.TrimEnd()).Where(line => line.Length > 0));
        Assert.All(screen.Lines, line => Assert.InRange(line.Length, 0, 100));
    }

    // What was written, without what moves the cursor and paints.
    private sealed partial class Screen : StringWriter
    {
        private readonly Lock _turn = new();
        private readonly List<(string Text, TaskCompletionSource Shown)> _awaited = [];

        public IReadOnlyList<string> Lines => Text.Split('\n', '\r');

        private string Text => Escapes.Replace(ToString(), "").Replace("\r\n", "\n", StringComparison.Ordinal);

        [GeneratedRegex("\e\\[[0-9;?]*[A-Za-z]")]
        private static partial Regex Escapes { get; }

        public Task ShowsAsync(string text)
        {
            lock (_turn)
            {
                var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited.Add((text, shown));
                Look();
                return shown.Task.WaitAsync(TestContext.Current.CancellationToken);
            }
        }

        public override void Write(char value)
        {
            lock (_turn)
            {
                base.Write(value);
                Look();
            }
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_turn)
            {
                base.Write(buffer, index, count);
                Look();
            }
        }

        public override void Write(string? value)
        {
            lock (_turn)
            {
                base.Write(value);
                Look();
            }
        }

        private void Look()
        {
            var text = Text;
            _awaited.RemoveAll(awaited => text.Contains(awaited.Text, StringComparison.Ordinal) && awaited.Shown.TrySetResult());
        }
    }
}
