using System.Globalization;

namespace Wisp.Gateway.Listening;

/// <summary>Finds out who listens on a port, for the message that says it is taken.</summary>
internal static class PortHolder
{
    /// <summary><c> by nginx (pid 12)</c>, or nothing when it cannot be found out.</summary>
    public static string Describe(int port)
    {
        try
        {
            var sockets = ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
                .Where(File.Exists)
                .SelectMany(table => File.ReadLines(table).Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[3] == "0A"
                    && int.TryParse(fields[1].AsSpan(fields[1].IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var listening) && listening == port)
                .Select(fields => $"socket:[{fields[9]}]")
                .ToHashSet(StringComparer.Ordinal);
            if (sockets.Count == 0)
            {
                return "";
            }

            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                if (Holds(process, sockets))
                {
                    return $" by {File.ReadAllText(Path.Combine(process, "comm")).Trim()} (pid {Path.GetFileName(process)})";
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Processes come and go while they are looked through; a name is a courtesy.
        }

        return "";
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(process, "fd")).EnumerateFileSystemInfos().Any(file => file.LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
