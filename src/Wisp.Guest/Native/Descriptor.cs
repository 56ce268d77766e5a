using System.Runtime.InteropServices;
using System.Text;

namespace Wisp.Guest.Native;

/// <summary>Reading and writing descriptors whole.</summary>
internal static unsafe class Descriptor
{
    /// <summary>Reads what is there; 0 at the end, -1 when there is nothing right now.</summary>
    public static int Read(int fd, Span<byte> buffer)
    {
        while (true)
        {
            nint count;
            fixed (byte* start = buffer)
            {
                // SAFETY: the buffer is pinned for the call and its length is given.
                count = Libc.read(fd, start, (nuint)buffer.Length);
            }

            if (count >= 0)
            {
                return (int)count;
            }

            if (Libc.Errno != Libc.EIntr)
            {
                return -1;
            }
        }
    }

    /// <summary>Writes as much as is taken; returns how much that was.</summary>
    public static int Write(int fd, ReadOnlySpan<byte> bytes)
    {
        var written = 0;
        while (written < bytes.Length)
        {
            nint count;
            fixed (byte* start = bytes[written..])
            {
                // SAFETY: as in Read.
                count = Libc.write(fd, start, (nuint)(bytes.Length - written));
            }

            if (count > 0)
            {
                written += (int)count;
            }
            else if (Libc.Errno != Libc.EIntr)
            {
                break;
            }
        }

        return written;
    }

    /// <summary>The text of a small file of /proc or /sys; null when it cannot be read.</summary>
    public static string? ReadText(string path)
    {
        var fd = Libc.open(path, Libc.ReadOnly | Libc.CloseOnExec, 0);
        if (fd < 0)
        {
            return null;
        }

        var text = new List<byte>();
        Span<byte> buffer = stackalloc byte[4096];
        for (int count; (count = Read(fd, buffer)) > 0;)
        {
            text.AddRange(buffer[..count]);
        }

        _ = Libc.close(fd);
        // Decoded at the end: a character may lie across two reads.
        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(text));
    }

    /// <summary>Makes a text file, or writes one anew; without a word where that cannot be.</summary>
    public static void WriteText(string path, string text)
    {
        // O_CREAT and O_TRUNC; 0644.
        var fd = Libc.open(path, Libc.WriteOnly | Libc.CloseOnExec | 0x40 | 0x200, 0x1A4);
        if (fd >= 0)
        {
            Write(fd, Encoding.UTF8.GetBytes(text));
            _ = Libc.close(fd);
        }
    }
}
