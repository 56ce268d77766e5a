using System.Buffers.Binary;

namespace Wisp.GuestProtocol;

/// <summary>Payloads that are one number, little endian: tickets and milliseconds (32 bits), counters (64 bits).</summary>
public static class NumberPayload
{
    /// <summary>Four bytes.</summary>
    public static byte[] Encode(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>Eight bytes.</summary>
    public static byte[] Encode(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>Reads four bytes; false when there are fewer or more.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out uint value)
    {
        value = payload.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(payload) : 0;
        return payload.Length == sizeof(uint);
    }

    /// <summary>Reads eight bytes; false when there are fewer or more.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out ulong value)
    {
        value = payload.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(payload) : 0;
        return payload.Length == sizeof(ulong);
    }
}
