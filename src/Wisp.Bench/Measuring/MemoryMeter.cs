using System.Globalization;

namespace Wisp.Bench.Measuring;

/// <summary>Memory of processes and of the host, as the kernel tells it.</summary>
internal static class MemoryMeter
{
    /// <summary>
    /// What a process has for itself, in MiB: <c>Private_Clean</c> and <c>Private_Dirty</c> of its <c>smaps_rollup</c>, which is what would be
    /// free if it ended. Pages of files count only where no other process has them mapped. Zero when there is no such process.
    /// </summary>
    public static double PrivateMib(int pid) => Sum(Read($"/proc/{pid}/smaps_rollup"), "Private_Clean", "Private_Dirty");

    /// <summary>Resident memory of a process in MiB, shared pages too; zero when there is no such process.</summary>
    public static double ResidentMib(int pid) => Sum(Read($"/proc/{pid}/smaps_rollup"), "Rss");

    /// <summary>What the host could give to new processes, in MiB.</summary>
    public static double AvailableMib() => Sum(Read("/proc/meminfo"), "MemAvailable");

    /// <summary>The sum of the lines with these names, in MiB. Pure.</summary>
    public static double Sum(string text, params IReadOnlyList<string> names) => text
        .Split('\n')
        .Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Where(words => words is [var name, _, "kB"] && names.Contains(name, StringComparer.Ordinal))
        .Sum(words => long.Parse(words[1], CultureInfo.InvariantCulture)) / 1024.0;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException || exception is IOException { HResult: NoSuchProcess })
        {
            return "";
        }
    }

    // ESRCH: it ended between the opening and the reading.
    private const int NoSuchProcess = 3;
}
