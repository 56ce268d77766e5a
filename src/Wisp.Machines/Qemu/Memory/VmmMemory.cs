using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Machines.Qemu.Memory;

/// <summary>Guest RAM as it lies in its VMM's address space, seen through /proc (proc(5)).</summary>
/// <param name="pid">The VMM.</param>
/// <param name="address">Where RAM begins.</param>
/// <param name="length">How long it is, in bytes.</param>
internal sealed class VmmMemory(int pid, ulong address, long length) : IDisposable
{
    private readonly SafeFileHandle _bytes = File.OpenHandle($"/proc/{pid}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    private readonly PageScanner _scanner = new(pid, address, length);

    /// <summary>Pages that the machine has of its own, because it wrote to them; optionally only those written since they were last asked for and watched.</summary>
    /// <param name="which">Which of them.</param>
    public IEnumerable<PageRange> Written(PageScan which) => _scanner.Scan(which);

    /// <summary>What of RAM lies on files outside some directories.</summary>
    public IReadOnlyList<PageRange> OnFilesOutside(IReadOnlyCollection<string> directories)
    {
        var found = new List<PageRange>();
        foreach (var line in File.ReadLines($"/proc/{pid}/maps"))
        {
            // address perms offset dev inode path
            var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            var dash = fields[0].IndexOf('-');
            var start = ulong.Parse(fields[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var end = ulong.Parse(fields[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (end <= address || start >= address + (ulong)length || fields.Length < 6 || fields[4] == "0")
            {
                continue;
            }

            // One that was deleted ends in " (deleted)" and so is in none of them.
            if (Path.GetDirectoryName(fields[5].Trim()) is not { } directory || fields[5].EndsWith(" (deleted)", StringComparison.Ordinal) || !directories.Contains(directory))
            {
                found.Add(new PageRange((long)(start - address), (long)(end - address)));
            }
        }

        return found;
    }

    /// <summary>Copies pages.</summary>
    /// <exception cref="IOException">The VMM is gone.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var count = RandomAccess.Read(_bytes, bytes[done..], (long)address + offset + done);
            done += count > 0 ? count : throw new IOException($"the memory of the VMM (pid {pid}) cannot be read");
        }
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _scanner.Dispose();
    }
}
