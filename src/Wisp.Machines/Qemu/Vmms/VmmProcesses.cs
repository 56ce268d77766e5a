using System.Globalization;
using Wisp.Machines.Limits;

namespace Wisp.Machines.Qemu.Vmms;

/// <summary>
/// The processes of a VMM, found without a record of them: its VMM and the jail that is about to become it, also those that an
/// earlier wispd had no time to note.
/// </summary>
internal static class VmmProcesses
{
    /// <summary>Ends them all and waits until they are gone.</summary>
    public static async Task EndAsync(QemuEngineOptions options, Guid id, TimeProvider time)
    {
        // Again after each round: a jail may have started the VMM meanwhile.
        while (Find(options, id).ToArray() is { Length: > 0 } found)
        {
            foreach (var process in found)
            {
                await process.EndAsync(time);
            }
        }
    }

    /// <summary>By its control groups, which a VMM cannot leave; on a host without them, by the command line.</summary>
    public static IEnumerable<VmmProcess> Find(QemuEngineOptions options, Guid id)
    {
        var groups = MachineCgroup.Find(options.CgroupRoot, id.ToString()).ToArray();
        var processes = groups.Length > 0
            ? groups.SelectMany(group => Read(Path.Combine(group, "cgroup.procs")).Split('\n')).Distinct(StringComparer.Ordinal)
            : Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(pid => IsOf(pid, options.Program, id));
        foreach (var text in processes)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && VmmProcess.Find(pid) is { IsAlive: true } process)
            {
                yield return process;
            }
        }
    }

    private static bool IsOf(string pid, string program, Guid id)
    {
        if (!char.IsAsciiDigit(pid[0]))
        {
            return false;
        }

        // The jail's command line ends with the VMM's.
        var words = Read($"/proc/{pid}/cmdline").Split('\0');
        var vmm = Path.GetFileName(words[0]) == QemuEngine.Jail ? Array.IndexOf(words, program) : 0;
        return vmm >= 0 && words.Length > vmm + 2 && words[vmm] == program && words[vmm + 1] == "-name" && words[vmm + 2] == id.ToString();
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile.
            return "";
        }
    }
}
