using System.Buffers.Binary;
using Wisp.Guest.Native;

namespace Wisp.Guest;

/// <summary>The wall clock and the kernel's random generator, as the host sets them.</summary>
internal static unsafe class GuestClock
{
    private const nuint AddEntropy = 0x40085203, Reseed = 0x5207;

    // Open for good: a clone needs it before it answers its first request.
    private static readonly int Generator = Libc.open("/dev/urandom", Libc.WriteOnly | Libc.CloseOnExec, 0);

    public static void Set(long unixNanoseconds)
    {
        var time = new Timespec { Seconds = unixNanoseconds / 1_000_000_000, Nanoseconds = unixNanoseconds % 1_000_000_000 };
        // SAFETY: the structure lives through the call.
        _ = Libc.clock_settime(Libc.ClockRealtime, &time);
    }

    public static long BootMicroseconds()
    {
        Timespec time;
        // SAFETY: as above.
        _ = Libc.clock_gettime(Libc.ClockBoottime, &time);
        return (time.Seconds * 1_000_000) + (time.Nanoseconds / 1000);
    }

    /// <summary>Mixes bytes into the kernel's generator, credits them, and has it reseed at once (random(4)).</summary>
    public static void AddRandomness(ReadOnlySpan<byte> bytes)
    {
        // struct rand_pool_info: entropy in bits, size in bytes, the bytes.
        var pool = new byte[8 + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(pool, bytes.Length * 8);
        BinaryPrimitives.WriteInt32LittleEndian(pool.AsSpan(4), bytes.Length);
        bytes.CopyTo(pool.AsSpan(8));
        fixed (byte* start = pool)
        {
            // SAFETY: the buffer is pinned and as long as it says.
            _ = Libc.ioctl(Generator, AddEntropy, start);
            _ = Libc.ioctl(Generator, Reseed, null);
        }
    }
}
