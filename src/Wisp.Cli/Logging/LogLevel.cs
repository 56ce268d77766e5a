namespace Wisp.Cli.Logging;

/// <summary>How much a line of the log matters.</summary>
internal enum LogLevel
{
    /// <summary>What requests and answers hold.</summary>
    Trace,
    /// <summary>Each request.</summary>
    Debug,
    /// <summary>What was chosen, and why.</summary>
    Info,
    /// <summary>What is probably not meant so.</summary>
    Warn,
    /// <summary>Why a command fails.</summary>
    Error,
    /// <summary>What nobody foresaw.</summary>
    Fatal,
}
