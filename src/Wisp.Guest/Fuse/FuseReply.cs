using System.Buffers.Binary;

namespace Wisp.Guest.Fuse;

/// <summary>The body of an answer as it grows. Pure.</summary>
internal ref struct FuseReply(Span<byte> space)
{
    private readonly Span<byte> _space = space;

    /// <summary>How long it is so far.</summary>
    public int Length { get; private set; }

    /// <summary>How much still fits.</summary>
    public readonly int Left => _space.Length - Length;

    public void Long(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_space[Length..], value);
        Length += 8;
    }

    public void Int(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_space[Length..], value);
        Length += 4;
    }

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(_space[Length..]);
        Length += value.Length;
    }

    /// <summary>Zeroes: structures have more members than are used here.</summary>
    public void Zeroes(int count)
    {
        _space.Slice(Length, count).Clear();
        Length += count;
    }

    /// <summary>struct fuse_attr. A size of 0, as the files of /proc have: what is in them is not known before they are read.</summary>
    public void Attributes(ulong inode, uint mode, uint links)
    {
        Long(inode);
        // Size, blocks, three times with their nanoseconds.
        Zeroes(52);
        Int(mode);
        Int(links);
        // User, group, device; block size; flags.
        Zeroes(12);
        Int(4096);
        Int(0);
    }

    /// <summary>struct fuse_dirent; false when it does not fit.</summary>
    public bool Entry(ulong inode, ulong next, bool isDirectory, scoped ReadOnlySpan<byte> name, int limit)
    {
        var padded = (name.Length + 7) & ~7;
        if (Length + 24 + padded > Math.Min(limit, _space.Length))
        {
            return false;
        }

        Long(inode);
        Long(next);
        Int((uint)name.Length);
        // DT_DIR, DT_REG
        Int(isDirectory ? 4u : 8u);
        Bytes(name);
        Zeroes(padded - name.Length);
        return true;
    }
}
