using System.IO.MemoryMappedFiles;
using Wisp.Machines.Qemu.Memory;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu.Memory;

/// <summary>A file that this process maps privately, as a VMM maps a layer.</summary>
public sealed unsafe class VmmMemoryTests : IDisposable
{
    private const int Page = 4096, Pages = 5000;

    private readonly TemporaryDirectory _directory = new();
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly VmmMemory _memory;
    private readonly byte* _start;

    public VmmMemoryTests()
    {
        File.WriteAllBytes(_directory.At("layer"), [.. Enumerable.Repeat((byte)7, Pages * Page)]);
        _file = MemoryMappedFile.CreateFromFile(_directory.At("layer"), FileMode.Open, null, 0, MemoryMappedFileAccess.CopyOnWrite);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite);
        // SAFETY: the view lives until this object is disposed of, and nothing is read or written outside of it.
        _start = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
        _memory = new VmmMemory(Environment.ProcessId, (ulong)_start, Pages * Page);
    }

    [Fact]
    public void Pages_that_were_only_read_are_the_files()
    {
        var sum = 0L;
        for (var page = 0; page < Pages; page++)
        {
            sum += _start[page * Page];
        }

        Assert.Equal(Pages * 7L, sum);
        Assert.Empty(_memory.Written(PageScan.All));
    }

    [Fact]
    public void Pages_that_were_written_are_found()
    {
        Write(0, 3, 4, 5, Pages - 1);
        Assert.Equal([Range(0, 1), Range(3, 6), Range(Pages - 1, Pages)], PageRanges.Join(_memory.Written(PageScan.All), 0));
    }

    /// <summary>More regions than one call has room for.</summary>
    [Fact]
    public void Every_other_page_of_many_is_found()
    {
        var written = Enumerable.Range(0, Pages / 2).Select(page => page * 2).ToArray();
        Write(written);
        Assert.Equal(written.Select(page => Range(page, page + 1)), PageRanges.Join(_memory.Written(PageScan.All), 0));
    }

    [Fact]
    public void Without_the_kernels_scan_the_same_are_found()
    {
        Write(0, 1, 2, 511, 512, 513, 1025, Pages - 1);
        using var scanner = new PageScanner(Environment.ProcessId, (ulong)_start, Pages * Page);
        Assert.Equal([Range(0, 3), Range(511, 514), Range(1025, 1026), Range(Pages - 1, Pages)], scanner.ReadPagemap());
        Assert.Equal(scanner.ReadPagemap(), PageRanges.Join(scanner.Scan(PageScan.All), 0));
    }

    [Fact]
    public void Watching_what_is_not_tracked_fails_in_words()
    {
        Write(1);
        var exception = Assert.Throws<IOException>(() => _memory.Written(PageScan.AllAndWatch));
        Assert.Contains($"pid {Environment.ProcessId} cannot be scanned", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_read_is_what_is_there()
    {
        Write(2);
        var bytes = new byte[3 * Page];
        _memory.Read(Page, bytes);
        Assert.Equal([7, 1, 7], bytes.Chunk(Page).Select(page => Assert.Single(page.Distinct())));
    }

    [Fact]
    public void Files_are_told_apart_by_their_directories()
    {
        Assert.Empty(_memory.OnFilesOutside([_directory.Path]));
        Assert.Equal([Range(0, Pages)], _memory.OnFilesOutside([_directory.At("other")]));
    }

    /// <summary>It moves with its directory, as a draft that is committed does.</summary>
    [Fact]
    public void A_file_that_was_moved_is_where_it_is_now_and_one_that_was_deleted_is_nowhere()
    {
        Directory.CreateDirectory(_directory.At("kept"));
        File.Move(_directory.At("layer"), _directory.At("kept/layer"));
        Assert.Empty(_memory.OnFilesOutside([_directory.At("kept")]));
        File.Delete(_directory.At("kept/layer"));
        Assert.Equal([Range(0, Pages)], _memory.OnFilesOutside([_directory.At("kept")]));
    }

    [Fact]
    public void The_kernels_structures_have_their_layout()
    {
        PageScanner.PageRegion region;
        Assert.Equal((24, 0, 8, 16), (sizeof(PageScanner.PageRegion), At(&region, &region.Start), At(&region, &region.End), At(&region, &region.Categories)));
        PageScanner.ScanArguments scan;
        Assert.Equal(96, sizeof(PageScanner.ScanArguments));
        Assert.Equal(
            [0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88],
            [
                At(&scan, &scan.Size), At(&scan, &scan.Flags), At(&scan, &scan.Start), At(&scan, &scan.End), At(&scan, &scan.WalkEnd), At(&scan, &scan.Vector),
                At(&scan, &scan.VectorLength), At(&scan, &scan.MostPages), At(&scan, &scan.Inverted), At(&scan, &scan.Mask), At(&scan, &scan.AnyOf), At(&scan, &scan.Return),
            ]);

        static int At(void* structure, void* member) => (int)((byte*)member - (byte*)structure);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _view.Dispose();
        _file.Dispose();
        _directory.Dispose();
    }

    private static PageRange Range(int from, int to) => new((long)from * Page, (long)to * Page);

    private void Write(params int[] pages)
    {
        foreach (var page in pages)
        {
            new Span<byte>(_start + (page * Page), Page).Fill(1);
        }
    }
}
