using Spectre.Console;
using Wisp.Cli.Output;
using Wisp.Images;

namespace Wisp.Cli.Progress;

/// <summary>
/// Shows a build: elsewhere than on a terminal every line as it comes; on a terminal a line for each step that is done, and a
/// spinner with its time and the last line of output for the one at work.
/// </summary>
internal sealed class BuildProgress : IProgress<BuildEvent>
{
    private const int KeptLines = 30;
    private const string Beginning = "Looking at the Dockerfile";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly Lock _turn = new();
    private readonly Shell _shell;
    private readonly StatusContext? _status;
    private readonly Queue<string> _output = new();
    private string? _step;
    private string? _line;
    private long _begun;

    private BuildProgress(Shell shell, StatusContext? status) => (_shell, _status, _begun) = (shell, status, shell.Time.GetTimestamp());

    /// <summary>Runs a build and shows it.</summary>
    public static async Task<Result<BuiltImage>> WatchAsync(Shell shell, Func<IProgress<BuildEvent>, Task<Result<BuiltImage>>> build)
    {
        if (!shell.ErrorIsTerminal)
        {
            return await build(new BuildProgress(shell, null));
        }

        return await shell.ProgressConsole.Status().StartAsync(Beginning, async status =>
        {
            var progress = new BuildProgress(shell, status);
            using var over = new CancellationTokenSource();
            // Where lines cannot be drawn anew, each beat would be a line of its own.
            var beating = shell.ProgressConsole.Profile.Capabilities.Ansi ? progress.BeatAsync(over.Token) : Task.CompletedTask;
            Result<BuiltImage> built;
            try
            {
                built = await build(progress);
            }
            finally
            {
                await over.CancelAsync();
                await beating;
            }

            progress.End(built.IsSuccess);
            return built;
        });
    }

    /// <inheritdoc/>
    public void Report(BuildEvent value)
    {
        // Standard output and standard error of the builder come from two threads.
        lock (_turn)
        {
            if (_status is null)
            {
                _shell.Error.WriteLine(value switch
                {
                    BuildEvent.Step step => step.Title,
                    BuildEvent.Output output => "  " + output.Text,
                    BuildEvent.Notice notice => notice.Text,
                    _ => "",
                });
                return;
            }

            switch (value)
            {
                case BuildEvent.Step step:
                    Close("[green]✓[/]");
                    (_step, _begun) = (step.Title, _shell.Time.GetTimestamp());
                    _output.Clear();
                    _line = null;
                    Show();
                    break;
                case BuildEvent.Notice notice:
                    _shell.ProgressConsole.MarkupLine("[blue]•[/] " + Markup.Escape(notice.Text));
                    break;
                case BuildEvent.Output output:
                    Keep(output.Text);
                    _line = output.Text;
                    Show();
                    break;
                default:
                    break;
            }
        }
    }

    private async Task BeatAsync(CancellationToken over)
    {
        using var timer = new PeriodicTimer(Beat, _shell.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                lock (_turn)
                {
                    Show();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The build is over.
        }
    }

    private void End(bool well)
    {
        lock (_turn)
        {
            if (well)
            {
                Close("[green]✓[/]");
                return;
            }

            Close("[red]✗[/]");
            foreach (var line in _output)
            {
                _shell.ProgressConsole.WriteLine("  " + line);
            }
        }
    }

    private void Keep(string line)
    {
        _output.Enqueue(Printable.Line(line));
        if (_output.Count > KeptLines)
        {
            _output.Dequeue();
        }
    }

    private void Close(string mark)
    {
        if (_step is not null)
        {
            _shell.ProgressConsole.MarkupLine($"{mark} {Markup.Escape(Cut(_step, 10))} [dim]{Words.Span(_shell.Time.GetElapsedTime(_begun))}[/]");
            _step = null;
        }
    }

    // All on one line: a spinner redraws one, and what is longer would leave traces.
    private void Show()
    {
        var took = Words.Span(_shell.Time.GetElapsedTime(_begun));
        var title = Cut(_step ?? Beginning, (_line is null ? 5 : ((_shell.Width ?? 80) / 2) + 4) + took.Length);
        var said = _line is null ? "" : " " + Cut(Printable.Line(_line), title.Length + took.Length + 7);
        _status!.Status = $"{Markup.Escape(title)} [dim]{took}{Markup.Escape(said)}[/]";
    }

    private string Cut(string text, int margin)
    {
        var room = Math.Max((_shell.Width ?? 80) - margin, 10);
        return text.Length > room ? text[..(room - 1)] + "…" : text;
    }
}
