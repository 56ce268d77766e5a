using Spectre.Console;
using Wisp.Cli.Logging;

namespace Wisp.Cli;

/// <summary>Where the command was typed: its streams, its environment, its clock.</summary>
internal sealed class Shell
{
    /// <summary>So wide that nothing is cut.</summary>
    public const int Endless = 10_000;

    /// <summary>What a table fits into where there is no terminal.</summary>
    public const int WidthOfPipes = 100;

    /// <summary>What terminals have that do not say.</summary>
    public const int WidthOfTerminals = 80;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Where <c>-</c> is read from.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    public required Func<string, string?> Environment { get; init; }

    public bool InputIsTerminal { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What is said on the error stream; the command line decides on it.</summary>
    public Log Log
    {
        get => field ??= new Log(this);
        set;
    }

    /// <summary>Columns of the terminal; null where there is none.</summary>
    public int? Width { get; init; }

    /// <summary>The shell of this process.</summary>
    public static Shell OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Input = Console.In,
        Environment = System.Environment.GetEnvironmentVariable,
        InputIsTerminal = !Console.IsInputRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Width = Console.IsOutputRedirected ? null : WidthOfConsole(),
    };

    /// <summary>The same shell, with its results going elsewhere.</summary>
    public Shell To(TextWriter output) => new()
    {
        Output = output, Error = Error, Input = Input, Environment = Environment, InputIsTerminal = InputIsTerminal, OutputIsTerminal = OutputIsTerminal, ErrorIsTerminal = ErrorIsTerminal, Time = Time, Width = Width, Log = Log,
    };

    /// <summary>A variable that is set and not empty, or null.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>For progress: animated on a terminal only.</summary>
    public IAnsiConsole ProgressConsole => field ??= ConsoleOver(Error, ErrorIsTerminal);

    /// <summary>For results.</summary>
    public IAnsiConsole ConsoleOver(TextWriter writer, bool terminal, int? width = null)
    {
        var colour = terminal && Variable("NO_COLOR") is null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal && Variable("TERM") != "dumb" ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width ?? (terminal ? Width ?? WidthOfTerminals : Endless);
        return console;
    }

    /// <summary>Prints an error in the one form that errors have, and gives the exit code that goes with it.</summary>
    public int Fail(WispError error)
    {
        Log.Fail(error);
        return ExitCode.Of(error.Code);
    }

    private static int? WidthOfConsole()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
