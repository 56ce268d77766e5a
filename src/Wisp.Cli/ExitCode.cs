namespace Wisp.Cli;

/// <summary>What the shell learns; written down in <c>wisp --help</c>.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int NotAuthorised = 4;

    // As timeout(1) has it.
    public const int TimedOut = 124;

    // 128 + SIGINT, as shells have it.
    public const int Interrupted = 130;

    /// <summary>The code of a failure.</summary>
    public static int Of(ErrorCode code) => code switch
    {
        ErrorCode.NotFound or ErrorCode.NoSuchEndpoint => NotFound,
        ErrorCode.NotAllowed => NotAuthorised,
        ErrorCode.TimedOut => TimedOut,
        _ => Failed,
    };

    /// <summary>The code of several failures: theirs where they agree.</summary>
    public static int Of(IEnumerable<ErrorCode> codes) => codes.Select(Of).Distinct().ToArray() switch
    {
        [] => Ok,
        [var only] => only,
        _ => Failed,
    };
}
