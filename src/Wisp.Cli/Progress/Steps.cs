using Spectre.Console;
using Wisp.Cli.Output;

namespace Wisp.Cli.Progress;

/// <summary>A list of steps, each with a spinner while it is done and a line when it is.</summary>
internal sealed class Steps(Shell shell)
{
    /// <summary>Does a step.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="work">Does it; may say what it is at.</param>
    /// <param name="done">What was done, in words.</param>
    public async Task<Result<T>> RunAsync<T>(string title, Func<Action<string>, Task<Result<T>>> work, Func<T, string> done)
    {
        var from = shell.Time.GetTimestamp();
        var result = await Spinner.RunAsync(shell, title, work);
        if (!result.Failed(out _, out var value))
        {
            Done(done(value), shell.Time.GetElapsedTime(from));
        }

        return result;
    }

    /// <summary>A line for a step that showed itself.</summary>
    public void Done(string text, TimeSpan took) =>
        shell.ProgressConsole.MarkupLine($"[green]✓[/] {Markup.Escape(Printable.Line(text))} [dim]{Words.Span(took)}[/]");
}
