using System.Globalization;
using System.Runtime.InteropServices;

namespace Wisp.Machines.Qemu.Vmms;

/// <summary>A VMM's process, known by id and start time (proc(5), field 22 of stat).</summary>
internal sealed partial record VmmProcess(int Pid, long StartTime)
{
    private const int SigKill = 9;

    /// <summary>The process that has this id now; null when there is none.</summary>
    public static VmmProcess? Find(int pid) => Stat(Of(pid)) is { } stat ? new VmmProcess(pid, stat.StartTime) : null;

    /// <summary>True while this very process lives; a zombie does not.</summary>
    public bool IsAlive => Stat(Of(Pid)) is { } stat && stat.StartTime == StartTime && stat.State is not ('Z' or 'X');

    /// <summary>Whether one of its threads runs or is ready to (R), or waits for the disk (D): proc(5), field 3 of stat.</summary>
    public bool IsWorking
    {
        get
        {
            try
            {
                return Directory.EnumerateDirectories($"{Of(Pid)}/task").Any(thread => Stat(thread) is { State: 'R' or 'D' });
            }
            catch (DirectoryNotFoundException)
            {
                return false;
            }
        }
    }

    /// <summary>Ends it now, if it still is the one we mean.</summary>
    public void Kill()
    {
        if (IsAlive)
        {
            // SAFETY: kill(2) takes two integers. Between the look and the call the process could end and its id be given away; ids
            // are handed out in a circle, so that needs a whole round within microseconds.
            _ = kill(Pid, SigKill);
        }
    }

    /// <summary>Ends it now and waits until it is gone.</summary>
    public async Task EndAsync(TimeProvider time)
    {
        Kill();
        while (IsAlive)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time);
        }
    }

    /// <summary>Memory and CPU; null when it is gone.</summary>
    public MachineUsage? ReadUsage()
    {
        if (Stat(Of(Pid)) is not { } stat || stat.StartTime != StartTime)
        {
            return null;
        }

        return new MachineUsage(stat.ResidentPages * Environment.SystemPageSize, TimeSpan.FromSeconds(stat.Ticks / 100.0));
    }

    private static string Of(int pid) => $"/proc/{pid}";

    private static (char State, long StartTime, long Ticks, long ResidentPages)? Stat(string task)
    {
        try
        {
            var text = File.ReadAllText($"{task}/stat");
            // The second field is a name in parentheses that may itself hold anything.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], Number(fields[19]), Number(fields[11]) + Number(fields[12]), Number(fields[21]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
