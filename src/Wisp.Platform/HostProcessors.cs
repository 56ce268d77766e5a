using System.Globalization;

namespace Wisp.Platform;

/// <summary>The host's processors.</summary>
internal static class HostProcessors
{
    /// <summary>Whether more threads are ready to run than there are processors (<c>/proc/loadavg</c>, proc(5), field 4); false where nobody knows.</summary>
    public static bool AreContended()
    {
        try
        {
            return File.ReadAllText("/proc/loadavg").Split(' ') is [_, _, _, var threads, ..]
                && threads.Split('/') is [var ready, _] && int.TryParse(ready, CultureInfo.InvariantCulture, out var running) && running > Environment.ProcessorCount;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
