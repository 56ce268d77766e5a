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
            : Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(pid => VmmOf(pid, options.Program) == id);
        foreach (var text in processes)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && VmmProcess.Find(pid) is { IsAlive: true } process)
            {
                yield return process;
            }
        }
    }

    /// <summary>The users that VMMs of this host run as now, whoever started them.</summary>
    public static IEnumerable<(Guid Vmm, int UserId)> Users(QemuEngineOptions options)
    {
        foreach (var pid in Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)))
        {
            if (VmmOf(pid, options.Program) is { } vmm
                && Read($"/proc/{pid}/status").Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal)) is { } line
                && int.TryParse(line.Split('\t')[1], NumberStyles.None, CultureInfo.InvariantCulture, out var user))
            {
                yield return (vmm, user);
            }
        }
    }

    // Which VMM a process is, or is about to become.
    private static Guid? VmmOf(string pid, string program)
    {
        if (!char.IsAsciiDigit(pid[0]))
        {
            return null;
        }

        // The jail's command line ends with the VMM's.
        var words = Read($"/proc/{pid}/cmdline").Split('\0');
        var vmm = Path.GetFileName(words[0]) == QemuEngine.Jail ? Array.IndexOf(words, program) : 0;
        return vmm >= 0 && words.Length > vmm + 2 && words[vmm] == program && words[vmm + 1] == "-name" && Guid.TryParse(words[vmm + 2], out var id) ? id : null;
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
