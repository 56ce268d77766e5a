using Wisp.Cli.CommandLine;

namespace Wisp.Cli.Tests.Support;

/// <summary>A command line that was run in this process, and what it printed.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs one.</summary>
    /// <param name="environment">All of its environment.</param>
    /// <param name="arguments">What was typed after <c>wisp</c>.</param>
    public static Task<CommandLineRun> StartAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments) => StartAsync(environment, arguments, "");

    /// <summary>Runs one that reads its standard input, or has a terminal for it and for its results.</summary>
    public static async Task<CommandLineRun> StartAsync(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments, string input, bool terminal = false)
    {
        using var given = new StringReader(input);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var shell = new Shell { Output = output, Error = error, Input = given, InputIsTerminal = terminal, OutputIsTerminal = terminal, Environment = name => environment.GetValueOrDefault(name) };
        var code = await CommandTree.RunAsync(arguments, shell, TestContext.Current.CancellationToken);
        return new CommandLineRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs one in an empty environment.</summary>
    public static Task<CommandLineRun> StartAsync(params IReadOnlyList<string> arguments) =>
        StartAsync(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
