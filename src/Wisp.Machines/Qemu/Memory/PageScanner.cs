using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Machines.Qemu.Memory;

/// <summary>
/// Finds the pages of a private mapping that were written to: they are anonymous, whatever file lies below. By PAGEMAP_SCAN (Linux 6.7,
/// Documentation/admin-guide/mm/pagemap.rst); by reading the pagemap where that is missing.
/// </summary>
internal sealed unsafe partial class PageScanner(int pid, ulong address, long length) : IDisposable
{
    private const int PageSize = 4096, Regions = 2048;
    private const nuint ScanRequest = 0xC0606610;
    private const ulong WriteProtectMatching = 1, CheckWriteProtect = 2;
    private const ulong Written = 2, OnFile = 4, Present = 8, Swapped = 16, ZeroPage = 32;
    private const int NoSuchRequest = 25, Invalid = 22;

    private readonly SafeFileHandle _pagemap = File.OpenHandle($"/proc/{pid}/pagemap", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Scans all of it.</summary>
    /// <exception cref="IOException">It cannot be scanned that way.</exception>
    public IReadOnlyList<PageRange> Scan(PageScan which)
    {
        var found = new List<PageRange>();
        var regions = new PageRegion[Regions];
        for (var start = address; start < address + (ulong)length;)
        {
            int count;
            ScanArguments arguments;
            fixed (PageRegion* vector = regions)
            {
                arguments = new ScanArguments
                {
                    Size = (ulong)sizeof(ScanArguments),
                    Flags = which == PageScan.AllAndWatch ? WriteProtectMatching | CheckWriteProtect : 0,
                    Start = start,
                    End = address + (ulong)length,
                    Vector = (ulong)vector,
                    VectorLength = Regions,
                    Inverted = OnFile | ZeroPage,
                    Mask = OnFile | ZeroPage | (which == PageScan.Rewritten ? Written : 0),
                    AnyOf = Present | Swapped,
                    Return = Present | Swapped,
                };
                // SAFETY: the arguments are on this stack and the vector is pinned, as long as it says, through the call.
                count = ioctl(_pagemap, ScanRequest, &arguments);
            }

            if (count < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                return error is NoSuchRequest or Invalid && which == PageScan.All
                    ? ReadPagemap()
                    : throw new IOException($"the pages of pid {pid} cannot be scanned (errno {error})");
            }

            foreach (var region in regions.AsSpan(0, count))
            {
                found.Add(new PageRange((long)(region.Start - address), (long)(region.End - address)));
            }

            start = arguments.WalkEnd;
        }

        return found;
    }

    public void Dispose() => _pagemap.Dispose();

    /// <summary>The same without the call. An entry a page, eight bytes: bit 63 present, 62 swapped, 61 on a file or shared.</summary>
    internal List<PageRange> ReadPagemap()
    {
        var found = new List<PageRange>();
        var entries = new ulong[512];
        for (var page = 0L; page < length / PageSize; page += entries.Length)
        {
            var bytes = MemoryMarshal.AsBytes(entries.AsSpan());
            var count = RandomAccess.Read(_pagemap, bytes, ((long)(address / PageSize) + page) * sizeof(ulong)) / sizeof(ulong);
            for (var i = 0; i < Math.Min(count, (length / PageSize) - page); i++)
            {
                if (entries[i] >> 62 != 0 && (entries[i] >> 61 & 1) == 0)
                {
                    found.Add(new PageRange((page + i) * PageSize, (page + i + 1) * PageSize));
                }
            }
        }

        return PageRanges.Join(found, 0);
    }

    /// <summary>struct page_region.</summary>
    internal struct PageRegion
    {
        public ulong Start;
        public ulong End;
        public ulong Categories;
    }

    /// <summary>struct pm_scan_arg.</summary>
    internal struct ScanArguments
    {
        public ulong Size;
        public ulong Flags;
        public ulong Start;
        public ulong End;
        public ulong WalkEnd;
        public ulong Vector;
        public ulong VectorLength;
        public ulong MostPages;
        public ulong Inverted;
        public ulong Mask;
        public ulong AnyOf;
        public ulong Return;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeHandle file, nuint request, ScanArguments* arguments);
}
