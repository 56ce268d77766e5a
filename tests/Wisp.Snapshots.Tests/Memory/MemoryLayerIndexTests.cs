using CsCheck;
using Wisp.Snapshots.Memory;
using Wisp.Snapshots.Tests.Support;

namespace Wisp.Snapshots.Tests.Memory;

public sealed class MemoryLayerIndexTests
{
    private const long FileBytes = 3 * Pages.MemoryBytes;

    [Fact]
    public void What_is_written_is_read() => Pages.Extents.Sample(extents =>
    {
        Assert.Null(MemoryLayerIndex.Decode(MemoryLayerIndex.Encode(extents), FileBytes, Pages.MemoryBytes, out var read));
        Assert.Equal(extents, read);
    });

    /// <summary>Whatever the bytes are, they are refused or make a list that nothing is wrong with.</summary>
    [Fact]
    public void Any_byte_may_be_another() => Gen.Select(Pages.Extents, Gen.Int[0, 300], Gen.Byte).Sample((extents, at, value) =>
    {
        var bytes = MemoryLayerIndex.Encode(extents);
        bytes[at % bytes.Length] = value;
        if (MemoryLayerIndex.Decode(bytes, FileBytes, Pages.MemoryBytes, out var read) is null)
        {
            Assert.Null(MemoryLayerIndex.Problem(read, FileBytes, Pages.MemoryBytes));
        }
        else
        {
            Assert.Empty(read);
        }
    });

    [Fact]
    public void One_that_was_cut_off_or_goes_on_is_refused() => Gen.Select(Pages.Extents, Gen.Int[0, 300]).Sample((extents, length) =>
    {
        var bytes = MemoryLayerIndex.Encode(extents);
        Array.Resize(ref bytes, length == bytes.Length ? length + 1 : length);
        Assert.NotNull(MemoryLayerIndex.Decode(bytes, FileBytes, Pages.MemoryBytes, out _));
    });

    [Theory]
    [InlineData(1, 4096, 0, "not aligned")]
    [InlineData(0, 4095, 0, "not aligned")]
    [InlineData(0, 4096, 512, "not aligned")]
    [InlineData(0, 0, 0, "empty or negative")]
    [InlineData(-4096, 4096, 0, "empty or negative")]
    [InlineData(0, -4096, 0, "empty or negative")]
    [InlineData(0, 4096, -4096, "empty or negative")]
    [InlineData(Pages.MemoryBytes, 4096, 0, "beyond the 131072 bytes of guest RAM")]
    [InlineData(4096, Pages.MemoryBytes, 0, "beyond the 131072 bytes of guest RAM")]
    [InlineData(long.MaxValue - 4095, 4096, 0, "beyond the 131072 bytes of guest RAM")]
    [InlineData(4096, long.MaxValue - 4095, 0, "beyond the 131072 bytes of guest RAM")]
    [InlineData(0, 4096, FileBytes, "beyond the 393216 bytes of the file")]
    [InlineData(0, 4096, long.MaxValue - 4095, "beyond the 393216 bytes of the file")]
    public void Nonsense_is_refused_with_its_reason(long address, long length, long offset, string reason)
    {
        var refused = MemoryLayerIndex.Decode(MemoryLayerIndex.Encode([new(address, length, offset)]), FileBytes, Pages.MemoryBytes, out _);
        Assert.Contains(reason, refused, StringComparison.Ordinal);
        Assert.StartsWith("extent 0 ", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void Overlapping_or_unsorted_extents_are_refused(long address)
    {
        var refused = MemoryLayerIndex.Problem([new(4096, 8192, 0), new(address, 4096, 8192)], FileBytes, Pages.MemoryBytes);
        Assert.Contains("extent 1 ", refused, StringComparison.Ordinal);
        Assert.Contains("out of order", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_version_is_named()
    {
        var bytes = MemoryLayerIndex.Encode([]);
        bytes[8] = 2;
        Assert.Contains("version 2", MemoryLayerIndex.Decode(bytes, FileBytes, Pages.MemoryBytes, out _), StringComparison.Ordinal);
    }
}
