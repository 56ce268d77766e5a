namespace Wisp.Cli.Logging;

/// <summary>Names of levels and forms of the log. Pure.</summary>
internal static class LogWord
{
    public static readonly string[] Levels = ["trace", "debug", "info", "warn", "error", "fatal"];

    public static readonly string[] Types = ["text", "json"];

    /// <summary>Reads a level.</summary>
    public static Result<LogLevel> ParseLevel(string text) => Array.IndexOf(Levels, text) is >= 0 and var level
        ? (LogLevel)level
        : new WispError(ErrorCode.InvalidValue, $"'{text}' is not a level of the log.", $"Use {string.Join(", ", Levels)}.");

    /// <summary>Reads a form.</summary>
    public static Result<LogType> ParseType(string text) => Array.IndexOf(Types, text) is >= 0 and var type
        ? (LogType)type
        : new WispError(ErrorCode.InvalidValue, $"'{text}' is not a form of the log.", $"Use {string.Join(" or ", Types)}.");
}
