using System.CommandLine;
using Wisp.Cli.Logging;

namespace Wisp.Cli.CommandLine;

/// <summary>Reads how much a command says of itself, and in which form.</summary>
internal static class LogOptions
{
    private const string LevelVariable = "WISP_LOG_LEVEL";
    private const string TypeVariable = "WISP_LOG_TYPE";

    /// <summary>The log of a command line, also of one that is wrong elsewhere.</summary>
    public static Result<Log> Of(ParseResult parsed, Shell shell) =>
        Read(parsed, shell, GlobalOptions.LogLevel, LevelVariable, LogWord.ParseLevel, LogLevel.Warn).Failed(out var error, out var level)
            || Read(parsed, shell, GlobalOptions.LogType, TypeVariable, LogWord.ParseType, LogType.Text).Failed(out error, out var type)
            ? error
            : new Log(shell, level, type);

    private static Result<T> Read<T>(ParseResult parsed, Shell shell, string option, string variable, Func<string, Result<T>> parse, T otherwise) where T : struct =>
        parsed.GetResult(option) is System.CommandLine.Parsing.OptionResult { Implicit: false } given
            // What is wrong with it, the parser says.
            ? given.Errors.Any() ? otherwise : given.GetValueOrDefault<T?>() ?? otherwise
            : shell.Variable(variable) is not { } text ? otherwise
            : parse(text).Failed(out var error, out var value) ? error with { Message = $"{variable}: {error.Message}" }
            : value;
}
