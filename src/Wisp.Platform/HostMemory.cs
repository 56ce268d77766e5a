using System.Globalization;

namespace Wisp.Platform;

/// <summary>The host's memory.</summary>
internal static class HostMemory
{
    /// <summary>What can be given out without swapping (<c>MemAvailable</c>, proc(5)), in bytes.</summary>
    public static long Available()
    {
        const string name = "MemAvailable:";
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? long.MaxValue : long.Parse(line.AsSpan(name.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture) << 10;
    }
}
