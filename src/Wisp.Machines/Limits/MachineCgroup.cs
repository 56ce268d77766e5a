using System.Globalization;

namespace Wisp.Machines.Limits;

/// <summary>
/// A machine's control groups: memory and CPU, version 1 or 2, whichever the host has mounted. A host without the controllers
/// gives none, and <see cref="Missing"/> says so.
/// </summary>
internal sealed class MachineCgroup
{
    private const string Parent = "wisp";
    private const int Period = 100_000, Attempts = 5;

    private readonly List<string> _directories = [];

    private MachineCgroup() { }

    /// <summary>Directories whose <c>cgroup.procs</c> the VMM must join.</summary>
    public IReadOnlyList<string> Directories => _directories;

    /// <summary>Controllers that could not be used, with the reason; empty when all could.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>Makes the groups.</summary>
    /// <param name="root">Where the cgroup filesystems are mounted, <c>/sys/fs/cgroup</c>.</param>
    /// <param name="name">The machine's id.</param>
    /// <param name="memoryBytes">Guest RAM and what the VMM needs besides.</param>
    /// <param name="cpus">How many processors its threads may use in all.</param>
    public static MachineCgroup Create(string root, string name, long memoryBytes, int cpus)
    {
        var group = new MachineCgroup();
        var quota = (cpus * Period).ToString(CultureInfo.InvariantCulture);
        if (File.Exists(Path.Combine(root, "cgroup.controllers")))
        {
            group.Try("memory and cpu", () =>
            {
                var parent = Directory.CreateDirectory(Path.Combine(root, Parent)).FullName;
                File.WriteAllText(Path.Combine(root, "cgroup.subtree_control"), "+memory +cpu");
                File.WriteAllText(Path.Combine(parent, "cgroup.subtree_control"), "+memory +cpu");
                var own = Path.Combine(parent, name);
                group.Add(own);
                Write(own, "memory.max", memoryBytes.ToString(CultureInfo.InvariantCulture));
                Write(own, "cpu.max", $"{quota} {Period}");
            });
            return group;
        }

        group.Try("memory", () =>
        {
            var own = Path.Combine(Mounted(root, "memory"), Parent, name);
            group.Add(own);
            Write(own, "memory.limit_in_bytes", memoryBytes.ToString(CultureInfo.InvariantCulture));
        });
        group.Try("cpu", () =>
        {
            var own = Path.Combine(Mounted(root, "cpu"), Parent, name);
            group.Add(own);
            Write(own, "cpu.cfs_period_us", Period.ToString(CultureInfo.InvariantCulture));
            Write(own, "cpu.cfs_quota_us", quota);
        });
        return group;
    }

    /// <summary>The groups that a machine has, for taking them away.</summary>
    public static IEnumerable<string> Find(string root, string name) =>
        ((string[])[Path.Combine(root, Parent, name), Path.Combine(root, "memory", Parent, name), Path.Combine(root, "cpu", Parent, name)])
        .Where(Directory.Exists);

    /// <summary>
    /// Takes a machine's groups away, once its processes are gone; also the common parent when it was the last. A group stays busy
    /// for a moment after its last process has ended, so this tries for two seconds.
    /// </summary>
    public static async Task RemoveAsync(string root, string name, TimeProvider time)
    {
        for (var attempt = 0; attempt < 200 && Find(root, name).ToArray() is { Length: > 0 } directories; attempt++)
        {
            foreach (var directory in directories)
            {
                TryRemove(directory);
                TryRemove(Path.GetDirectoryName(directory)!);
            }

            if (Find(root, name).Any())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), time);
            }
        }
    }

    private static void TryRemove(string directory)
    {
        try
        {
            // A control group is removed by rmdir though it shows files.
            Directory.Delete(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Still in use: by a process that is just ending, or (the parent) by other machines.
        }
    }

    private void Add(string directory)
    {
        Directory.CreateDirectory(directory);
        if (!_directories.Contains(directory))
        {
            _directories.Add(directory);
        }
    }

    private static string Mounted(string root, string controller) =>
        Directory.Exists(Path.Combine(root, controller)) ? Path.Combine(root, controller) : throw new IOException("not mounted");

    private static void Write(string directory, string file, string value) => File.WriteAllText(Path.Combine(directory, file), value);

    private void Try(string controller, Action make)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                make();
                return;
            }
            catch (DirectoryNotFoundException) when (attempt < Attempts)
            {
                // The last of the others has just taken the common parent away.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Missing.Add($"{controller}: {exception.Message}");
                return;
            }
        }
    }
}
