namespace Wisp.Cli.Logging;

/// <summary>The form of a line of the log.</summary>
internal enum LogType
{
    /// <summary>For people.</summary>
    Text,
    /// <summary>An object of JSON.</summary>
    Json,
}
