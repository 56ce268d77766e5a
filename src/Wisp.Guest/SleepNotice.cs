using System.Buffers.Binary;
using Wisp.Guest.Native;

namespace Wisp.Guest;

/// <summary>
/// Tells an application that listens on vsock port 138 that the machine is about to sleep. It comes over the guest's own loopback,
/// since not every host has vsock; the application does not see a difference but the peer's number.
/// </summary>
internal sealed unsafe class SleepNotice
{
    private const int Vsock = 40;
    private const int InProgress = 115;

    private SleepNotice(int fd) => Fd = fd;

    /// <summary>Writable when somebody has answered, or nobody does.</summary>
    public int Fd { get; }

    /// <summary>Begins to connect; null where there is no vsock.</summary>
    public static SleepNotice? Begin()
    {
        const int stream = 1;
        const uint port = 138, local = 1;
        var fd = Libc.socket(Vsock, stream | Libc.NonBlock | Libc.CloseOnExec, 0);
        if (fd < 0)
        {
            return null;
        }

        // SAFETY: struct sockaddr_vm is 16 bytes: family (16 bits), reserved (16), port, machine, flags and zeroes.
        var address = stackalloc byte[16];
        var bytes = new Span<byte>(address, 16);
        bytes.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Vsock);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], port);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], local);
        // Nothing is asked before: where nobody listens, the kernel says so on the loopback at once, which costs microseconds.
        if (Libc.connect(fd, address, 16) != 0 && Libc.Errno != InProgress)
        {
            _ = Libc.close(fd);
            return null;
        }

        return new SleepNotice(fd);
    }

    /// <summary>Says it and hangs up.</summary>
    public void Send()
    {
        Descriptor.Write(Fd, "scaletozero"u8);
        _ = Libc.close(Fd);
    }
}
