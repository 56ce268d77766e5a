using System.Buffers.Binary;

namespace Wisp.GuestProtocol;

/// <summary>Told to a guest each time it runs again after a pause or restore, before its own code does.</summary>
/// <param name="UnixNanoseconds">The wall clock: nanoseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Entropy">Fresh random bytes for the kernel's generator; empty where memory was not cloned.</param>
public readonly record struct ResumeNotice(long UnixNanoseconds, ReadOnlyMemory<byte> Entropy)
{
    /// <summary>The payload: int64 little endian, then the entropy.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[8 + Entropy.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, UnixNanoseconds);
        Entropy.CopyTo(bytes.AsMemory(8));
        return bytes;
    }

    /// <summary>Reads a payload; false when it is too short.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> payload, out ResumeNotice notice)
    {
        notice = payload.Length < 8
            ? default
            : new ResumeNotice(BinaryPrimitives.ReadInt64LittleEndian(payload.Span), payload[8..]);
        return payload.Length >= 8;
    }
}
