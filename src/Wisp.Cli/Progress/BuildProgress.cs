using Spectre.Console;
using Wisp.Cli.Output;
using Wisp.Images;

namespace Wisp.Cli.Progress;

/// <summary>
/// Shows a build: elsewhere than on a terminal every line as it comes; on a terminal a line for each step that is done, and a
/// spinner with the last line of output for the one at work.
/// </summary>
internal sealed class BuildProgress : IProgress<BuildEvent>
{
    private const int KeptLines = 30;

    private readonly Lock _turn = new();
    private readonly Shell _shell;
    private readonly StatusContext? _status;
    private readonly Queue<string> _output = new();
    private string? _step;
    private long _begun;

    private BuildProgress(Shell shell, StatusContext? status) => (_shell, _status) = (shell, status);

    /// <summary>Runs a build and shows it.</summary>
    public static async Task<Result<BuiltImage>> WatchAsync(Shell shell, Func<IProgress<BuildEvent>, Task<Result<BuiltImage>>> build)
    {
        if (!shell.ErrorIsTerminal)
        {
            return await build(new BuildProgress(shell, null));
        }

        return await shell.ProgressConsole.Status().StartAsync("Looking at the Dockerfile", async status =>
        {
            var progress = new BuildProgress(shell, status);
            var built = await build(progress);
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
                    Show(null);
                    break;
                case BuildEvent.Notice notice:
                    _shell.ProgressConsole.MarkupLine("[blue]•[/] " + Markup.Escape(notice.Text));
                    break;
                case BuildEvent.Output output:
                    Keep(output.Text);
                    Show(output.Text);
                    break;
                default:
                    break;
            }
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

    // Both on one line: a spinner redraws one, and what is longer would leave traces.
    private void Show(string? line)
    {
        var title = Cut(_step ?? "Preparing", line is null ? 4 : ((_shell.Width ?? 80) / 2) + 4);
        _status!.Status = Markup.Escape(title) + (line is null ? "" : $" [dim]{Markup.Escape(Cut(Printable.Line(line), title.Length + 6))}[/]");
    }

    private string Cut(string text, int margin)
    {
        var room = Math.Max((_shell.Width ?? 80) - margin, 10);
        return text.Length > room ? text[..(room - 1)] + "…" : text;
    }
}
