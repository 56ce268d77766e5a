namespace Wisp.Guest.Entrypoint;

/// <summary>Finds the program of an exec form, as Docker's runtime does. Pure but for the probe it is given.</summary>
internal static class CommandResolver
{
    /// <summary>What is at a path.</summary>
    public enum Found
    {
        /// <summary>Nothing.</summary>
        Nothing,
        /// <summary>Something that is not a file to execute.</summary>
        NotExecutable,
        /// <summary>A program.</summary>
        Program,
    }

    /// <summary>Resolves a command.</summary>
    /// <param name="command">First word of the exec form.</param>
    /// <param name="path">PATH of the configured environment.</param>
    /// <param name="workingDirectory">Absolute working directory.</param>
    /// <param name="probe">Looks at an absolute path.</param>
    /// <returns>The absolute path, or exit code (127 not found, 126 not executable) and words.</returns>
    public static (string? Program, int ExitCode, string? Failure) Resolve(
        string command, string? path, string workingDirectory, Func<string, Found> probe)
    {
        if (command.Length == 0)
        {
            return (null, 127, "exec: \"\": executable file not found in $PATH");
        }

        if (command.Contains('/'))
        {
            var absolute = Absolute(command, workingDirectory);
            return probe(absolute) switch
            {
                // As it was given, since a script sees it in $0; it is run from the working directory.
                Found.Program => (command, 0, null),
                Found.NotExecutable => (null, 126, $"exec: \"{command}\": permission denied"),
                _ => (null, 127, $"exec: \"{command}\": stat {absolute}: no such file or directory"),
            };
        }

        foreach (var directory in (path ?? EnvironmentBlock.DefaultPath).Split(':'))
        {
            // An empty entry of PATH is the working directory (POSIX, environment variables).
            var candidate = Absolute((directory.Length == 0 ? "." : directory) + "/" + command, workingDirectory);
            if (probe(candidate) == Found.Program)
            {
                return (candidate, 0, null);
            }
        }

        return (null, 127, $"exec: \"{command}\": executable file not found in $PATH");
    }

    private static string Absolute(string path, string workingDirectory) => Path.GetFullPath(path, workingDirectory);
}
