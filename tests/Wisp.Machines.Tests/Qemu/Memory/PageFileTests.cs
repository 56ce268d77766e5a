using CsCheck;
using Wisp.Machines.Qemu.Memory;
using Wisp.Machines.Tests.Support;
using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Tests.Qemu.Memory;

/// <summary>What is captured comes back; the memory is this process's.</summary>
public sealed unsafe class PageFileTests : IDisposable
{
    private const int Page = 4096;

    private readonly TemporaryDirectory _directory = new();
    private int _files;

    /// <summary>A pass: what is written to pages before it, and which it copies.</summary>
    private sealed record Pass(List<(int Page, byte Value)> Writes, List<(int From, int Count)> Copies);

    [Fact]
    public void The_file_and_its_extents_are_the_pages_as_the_last_pass_over_each_saw_them()
    {
        const int pages = 64;
        var writes = Gen.Select(Gen.Int[0, pages - 1], Gen.Byte[0, 2]).List[0, 40];
        var copies = Gen.Select(Gen.Int[0, pages - 1], Gen.Int[1, 40]).List[0, 4];
        Gen.Select(writes, copies, (written, copied) => new Pass(written, copied)).List[1, 4].Sample(passes =>
        {
            using var ram = new Ram(pages);
            using var file = New();
            var expected = new byte[pages];
            foreach (var (pass, index) in passes.Select((pass, index) => (pass, index)))
            {
                pass.Writes.ForEach(write => ram.Fill(write.Page, write.Value));
                var ranges = PageRanges.Join(pass.Copies.Select(copy => Range(copy.From, Math.Min(pages, copy.From + copy.Count))), 0);
                // Zeros are left out only where nothing lies below: not over what an earlier pass wrote.
                file.Append(ram.Memory, ranges, zerosBelow: index == 0);
                foreach (var page in ranges.SelectMany(range => Enumerable.Range((int)(range.Start / Page), (int)((range.End - range.Start) / Page))))
                {
                    expected[page] = ram[page];
                }
            }

            var extents = file.Extents(pages * Page);
            Assert.Null(MemoryLayerIndex.Problem(extents, new FileInfo(PathOf(_files)).Length, pages * Page));
            Assert.Equal(expected, Restore(pages, extents));
        }, iter: 200, threads: 1);
    }

    /// <summary>Each piece is an mmap when it is restored: a few zeros in between are not worth one.</summary>
    [Theory]
    [InlineData(15, 1, 17)]
    [InlineData(16, 2, 2)]
    public void Only_long_runs_of_zeros_are_left_out_within(int zeros, int extents, int written)
    {
        using var ram = new Ram(zeros + 2);
        ram.Fill(0, 1);
        ram.Fill(zeros + 1, 1);
        using var file = New();
        Assert.Equal(written * Page, file.Append(ram.Memory, [Range(0, zeros + 2)], zerosBelow: true));
        Assert.Equal(extents, file.Extents((zeros + 2) * Page).Count);
    }

    [Fact]
    public void Zeros_at_the_ends_are_left_out_however_few()
    {
        using var ram = new Ram(3);
        ram.Fill(1, 1);
        using var file = New();
        Assert.Equal(Page, file.Append(ram.Memory, [Range(0, 3)], zerosBelow: true));
        Assert.Equal([new MemoryExtent(Page, Page, 0)], file.Extents(3 * Page));
    }

    [Fact]
    public void Zeros_over_what_a_layer_holds_are_written()
    {
        using var ram = new Ram(40);
        using var file = New();
        Assert.Equal(40 * Page, file.Append(ram.Memory, [Range(0, 40)], zerosBelow: false));
        Assert.Equal([new MemoryExtent(0, 40 * Page, 0)], file.Extents(40 * Page));
    }

    /// <summary>It is read a mebibyte at a time.</summary>
    [Fact]
    public void A_range_longer_than_what_is_read_at_once_is_one_extent()
    {
        using var ram = new Ram(600);
        for (var page = 0; page < 600; page++)
        {
            ram.Fill(page, (byte)(1 + (page % 200)));
        }

        using var file = New();
        file.Append(ram.Memory, [Range(0, 600)], zerosBelow: true);
        var extents = file.Extents(600 * Page);
        Assert.Single(extents);
        Assert.Equal(Enumerable.Range(0, 600).Select(page => ram[page]), Restore(600, extents));
    }

    public void Dispose() => _directory.Dispose();

    private PageFile New() => new(PathOf(++_files));

    private string PathOf(int number) => _directory.At($"memory-{number}");

    private static PageRange Range(int from, int to) => new((long)from * Page, (long)to * Page);

    // One byte a page; all of a page's bytes are the same.
    private byte[] Restore(int pages, IReadOnlyList<MemoryExtent> extents)
    {
        var file = File.ReadAllBytes(PathOf(_files));
        var memory = new byte[pages * Page];
        foreach (var extent in extents)
        {
            file.AsSpan((int)extent.FileOffset, (int)extent.Length).CopyTo(memory.AsSpan((int)extent.Address));
        }

        return [.. memory.Chunk(Page).Select(page => Assert.Single(page.Distinct()))];
    }

    private sealed class Ram : IDisposable
    {
        private readonly byte[] _bytes;

        public Ram(int pages)
        {
            _bytes = GC.AllocateArray<byte>(pages * Page, pinned: true);
            // SAFETY: the array is pinned for as long as it lives, which this object sees to.
            Memory = new VmmMemory(Environment.ProcessId, (ulong)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _bytes[0]), _bytes.Length);
        }

        public VmmMemory Memory { get; }

        public byte this[int page] => _bytes[page * Page];

        public void Fill(int page, byte value) => _bytes.AsSpan(page * Page, Page).Fill(value);

        public void Dispose() => Memory.Dispose();
    }
}
