using System.Buffers.Binary;
using Wisp.Guest.Native;

namespace Wisp.Guest.Fuse;

/// <summary>
/// A mounted FUSE filesystem, as requests to read and answers to write. What it needs of the protocol (linux/fuse.h, 7.31) is a
/// few structures, so there is no library. Whoever serves it must not use it: it would wait for itself.
/// </summary>
internal sealed class FuseConnection : IDisposable
{
    /// <summary>The longest write that arrives in one piece; the kernel asks for at least this.</summary>
    public const int MaxWrite = 4096;

    private const int ReplyHeader = 16;
    private const uint Major = 7, Minor = 31, AtomicTruncate = 1 << 3, BigWrites = 1 << 5;

    // The kernel wants room for at least 8 KiB.
    private readonly byte[] _in = new byte[FuseRequest.HeaderSize + 40 + 8192];
    private readonly byte[] _out = new byte[ReplyHeader + 8192];

    private FuseConnection(int fd) => Fd = fd;

    /// <summary>Readable when there is a request.</summary>
    public int Fd { get; private set; }

    /// <summary>Where the body of the next answer is written.</summary>
    public FuseReply Begin() => new(_out.AsSpan(ReplyHeader));

    /// <summary>Mounts a filesystem for all users, whose modes the kernel checks; null (with errno) where it cannot.</summary>
    public static FuseConnection? Mount(string directory)
    {
        var fd = Libc.open("/dev/fuse", Libc.ReadWrite | Libc.NonBlock | Libc.CloseOnExec, 0);
        if (fd < 0)
        {
            return null;
        }

        if (Libc.mount("libukp", directory, "fuse", Libc.MountNoSuid | Libc.MountNoDev | Libc.MountNoExec,
            $"fd={fd},rootmode=40555,user_id=0,group_id=0,allow_other,default_permissions") == 0)
        {
            return new FuseConnection(fd);
        }

        _ = Libc.close(fd);
        return null;
    }

    /// <summary>Reads a request; false when there is none.</summary>
    public bool TryRead(out FuseRequest request)
    {
        var count = Descriptor.Read(Fd, _in);
        if (count < 0 && Libc.Errno == Libc.ENoDev)
        {
            // Unmounted. The descriptor would be readable for ever.
            Dispose();
        }

        request = new FuseRequest(_in.AsSpan(0, Math.Max(count, FuseRequest.HeaderSize)));
        return count >= FuseRequest.HeaderSize;
    }

    /// <summary>Answers the kernel's greeting: its own version, or ours where ours is older.</summary>
    public void Greet(in FuseRequest request)
    {
        var reply = Begin();
        reply.Int(Major);
        reply.Int(Minor);
        // Read ahead: nothing.
        reply.Int(0);
        reply.Int(request.Int(12) & (AtomicTruncate | BigWrites));
        // Two 16-bit limits of background requests, of which there are none.
        reply.Int(0);
        reply.Int(MaxWrite);
        // Granularity of times in nanoseconds; the rest of 64 bytes.
        reply.Int(1);
        reply.Zeroes(36);
        Send(request.Unique, reply.Length);
    }

    /// <summary>Sends the answer whose body was begun.</summary>
    public void Send(ulong unique, int length) => Send(unique, 0, length);

    /// <summary>Says that it went well, or why it did not (errno).</summary>
    public void Finish(ulong unique, int errno) => Send(unique, -errno, 0);

    /// <summary>Answers a write: all of it was taken.</summary>
    public void Written(ulong unique, uint count)
    {
        var reply = Begin();
        reply.Int(count);
        reply.Int(0);
        Send(unique, reply.Length);
    }

    /// <summary>Has the kernel ask again whoever polls this handle.</summary>
    public void NotifyPoll(ulong kernelHandle)
    {
        // FUSE_NOTIFY_POLL, in the place of an error and with no request to name.
        const int poll = 1;
        var reply = Begin();
        reply.Long(kernelHandle);
        Send(0, poll, reply.Length);
    }

    /// <summary>Ends all requests that wait, and all later ones, with an error.</summary>
    public void Dispose()
    {
        if (Fd >= 0)
        {
            _ = Libc.close(Fd);
            Fd = -1;
        }
    }

    private void Send(ulong unique, int error, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_out, ReplyHeader + length);
        BinaryPrimitives.WriteInt32LittleEndian(_out.AsSpan(4), error);
        BinaryPrimitives.WriteUInt64LittleEndian(_out.AsSpan(8), unique);
        // Fails where whoever asked is gone, which is nobody's loss.
        Descriptor.Write(Fd, _out.AsSpan(0, ReplyHeader + length));
    }
}
