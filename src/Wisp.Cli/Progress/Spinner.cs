using Spectre.Console;
using Wisp.Cli.Output;

namespace Wisp.Cli.Progress;

/// <summary>Something long that people wait for: a spinner on a terminal, a line each time it changes elsewhere.</summary>
internal static class Spinner
{
    /// <summary>Shows it.</summary>
    /// <param name="shell">Where.</param>
    /// <param name="title">What is waited for.</param>
    /// <param name="work">The work; it may say what it is at.</param>
    public static async Task<T> RunAsync<T>(Shell shell, string title, Func<Action<string>, Task<T>> work)
    {
        if (!shell.ErrorIsTerminal)
        {
            shell.Error.WriteLine(title);
            var said = "";
            return await work(text =>
            {
                if (text != said)
                {
                    shell.Error.WriteLine("  " + Printable.Line(said = text));
                }
            });
        }

        return await shell.ProgressConsole.Status().StartAsync(
            Markup.Escape(title),
            status => work(text => status.Status = $"{Markup.Escape(title)} [dim]{Markup.Escape(Cut(Printable.Line(text), shell.Width - title.Length - 8))}[/]"));
    }

    // A spinner redraws one line; two would leave traces.
    private static string Cut(string text, int? width) =>
        width is { } room && text.Length > room ? room > 1 ? text[..(room - 1)] + "…" : "" : text;
}
