using System.Buffers.Binary;

namespace Wisp.Guest.Fuse;

/// <summary>
/// One request: struct fuse_in_header (40 bytes), then what belongs to its opcode. The kernel sends whole structures, so offsets are
/// those of linux/fuse.h and nothing is checked twice.
/// </summary>
internal readonly ref struct FuseRequest(ReadOnlySpan<byte> bytes)
{
    /// <summary>Bytes before the body.</summary>
    public const int HeaderSize = 40;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public FuseOpcode Opcode => (FuseOpcode)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[4..]);

    /// <summary>What the answer must name.</summary>
    public ulong Unique => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[8..]);

    public ulong Node => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[16..]);

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Body => _bytes[HeaderSize..];

    /// <summary>A 64-bit member of the body; the handle is always its first.</summary>
    public ulong Long(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(HeaderSize + offset)..]);

    /// <summary>A 32-bit member of the body.</summary>
    public uint Int(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(HeaderSize + offset)..]);
}
