using System.Buffers.Binary;

namespace Wisp.Snapshots.Memory;

/// <summary>
/// The file that says where a layer's pages belong (<c>memory.index</c>): the magic <c>WISPMEM\n</c>, a version and a count of 4 bytes
/// each, then address, length and file offset of every extent, 8 bytes each; all little-endian.
/// </summary>
public static class MemoryLayerIndex
{
    /// <summary>Bytes in a page of guest RAM: what all addresses, lengths and offsets are multiples of.</summary>
    public const int PageSize = 4096;

    private const int Version = 1;
    private const int HeaderBytes = 16;
    private const int ExtentBytes = 24;

    private static ReadOnlySpan<byte> Magic => "WISPMEM\n"u8;

    /// <summary>What is wrong with a list of extents, or null.</summary>
    /// <param name="extents">The list.</param>
    /// <param name="fileBytes">Size of the file that they are in.</param>
    /// <param name="memoryBytes">Guest RAM.</param>
    public static string? Problem(IReadOnlyList<MemoryExtent> extents, long fileBytes, long memoryBytes)
    {
        var end = 0L;
        for (var i = 0; i < extents.Count; i++)
        {
            var (address, length, offset) = extents[i];
            var problem = (address | length | offset) % PageSize != 0 ? "is not aligned to pages"
                : length <= 0 || address < 0 || offset < 0 ? "is empty or negative"
                : address < end ? "overlaps the one before it or is out of order"
                // Subtracted, because a sum could overflow.
                : length > memoryBytes || address > memoryBytes - length ? $"lies beyond the {memoryBytes} bytes of guest RAM"
                : length > fileBytes || offset > fileBytes - length ? $"lies beyond the {fileBytes} bytes of the file"
                : null;
            if (problem is not null)
            {
                return $"extent {i} (address {address}, length {length}, offset {offset}) {problem}";
            }

            end = address + length;
        }

        return null;
    }

    /// <summary>The bytes of an index file.</summary>
    /// <param name="extents">What <see cref="Problem"/> finds nothing wrong with.</param>
    public static byte[] Encode(IReadOnlyList<MemoryExtent> extents)
    {
        var bytes = new byte[HeaderBytes + (extents.Count * ExtentBytes)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), extents.Count);
        for (var i = 0; i < extents.Count; i++)
        {
            var at = bytes.AsSpan(HeaderBytes + (i * ExtentBytes), ExtentBytes);
            BinaryPrimitives.WriteInt64LittleEndian(at, extents[i].Address);
            BinaryPrimitives.WriteInt64LittleEndian(at[8..], extents[i].Length);
            BinaryPrimitives.WriteInt64LittleEndian(at[16..], extents[i].FileOffset);
        }

        return bytes;
    }

    /// <summary>Reads the bytes of an index file.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="fileBytes">Size of the layer's file.</param>
    /// <param name="memoryBytes">Guest RAM.</param>
    /// <param name="extents">What the file says; empty when it is refused.</param>
    /// <returns>Why it is refused, or null.</returns>
    public static string? Decode(ReadOnlySpan<byte> bytes, long fileBytes, long memoryBytes, out IReadOnlyList<MemoryExtent> extents)
    {
        extents = [];
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic))
        {
            return "it is no index of memory";
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (version != Version)
        {
            return $"it has version {version}, and this Wisp reads version {Version}";
        }

        if (count < 0 || bytes.Length - HeaderBytes != (long)count * ExtentBytes)
        {
            return $"it says that it has {count} extents, and does not have the length for them";
        }

        var read = new MemoryExtent[count];
        for (var i = 0; i < count; i++)
        {
            var at = bytes[(HeaderBytes + (i * ExtentBytes))..];
            read[i] = new MemoryExtent(
                BinaryPrimitives.ReadInt64LittleEndian(at), BinaryPrimitives.ReadInt64LittleEndian(at[8..]), BinaryPrimitives.ReadInt64LittleEndian(at[16..]));
        }

        if (Problem(read, fileBytes, memoryBytes) is { } problem)
        {
            return problem;
        }

        extents = read;
        return null;
    }
}
