using System.Buffers.Binary;

namespace Wisp.Network;

/// <summary>Reads what netlink(7) says. Pure.</summary>
internal static class NetlinkMessages
{
    private const int HeaderLength = 16, AttributeLength = 4;
    private const ushort TypeMask = 0x3FFF;

    /// <summary>How long the first message in what was received at once is, with what fills it up to the next.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> messages)
    {
        var length = messages.Length < HeaderLength ? 0 : BinaryPrimitives.ReadInt32LittleEndian(messages);
        return length < HeaderLength || length > messages.Length ? messages.Length : Math.Min((length + 3) & ~3, messages.Length);
    }

    /// <summary>What the first attribute of a type has; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort wanted)
    {
        while (Next(ref attributes, out var type, out var value))
        {
            if (type == wanted)
            {
                return value;
            }
        }

        return default;
    }

    /// <summary>Goes on to the next attribute (struct nlattr: its length, its type, then what it has).</summary>
    /// <param name="attributes">Those that are left.</param>
    /// <param name="type">Its type.</param>
    /// <param name="value">What it has; attributes again where it is nested.</param>
    /// <returns>False when there is none any more, or it is cut off.</returns>
    public static bool Next(scoped ref ReadOnlySpan<byte> attributes, out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (attributes.Length < AttributeLength || BinaryPrimitives.ReadUInt16LittleEndian(attributes) is var length && (length < AttributeLength || length > attributes.Length))
        {
            return false;
        }

        type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & TypeMask);
        value = attributes[AttributeLength..length];
        attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        return true;
    }
}
