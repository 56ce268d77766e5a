using System.Buffers.Binary;

namespace Wisp.GuestProtocol;

/// <summary>Framing of the agent channel: encode here, decode on both sides of a hostile boundary.</summary>
public static class AgentFrame
{
    /// <summary>Bytes before the payload: length and kind.</summary>
    public const int HeaderSize = 5;

    /// <summary>The longest payload either side accepts, in bytes. A longer one ends the conversation.</summary>
    public const int MaxPayload = 16 * 1024 * 1024;

    /// <summary>Name of the virtio-serial port that carries the channel.</summary>
    public const string PortName = "org.wisp.agent";

    /// <summary>One frame as bytes.</summary>
    /// <param name="kind">What it says.</param>
    /// <param name="payload">Its payload.</param>
    /// <exception cref="ArgumentException">The payload is longer than <see cref="MaxPayload"/>.</exception>
    public static byte[] Encode(FrameKind kind, ReadOnlySpan<byte> payload = default)
    {
        if (payload.Length > MaxPayload)
        {
            throw new ArgumentException($"A frame carries at most {MaxPayload} bytes.", nameof(payload));
        }

        var frame = new byte[HeaderSize + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)payload.Length);
        frame[4] = (byte)kind;
        payload.CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    /// <summary>Reads a header.</summary>
    /// <param name="header">At least <see cref="HeaderSize"/> bytes.</param>
    /// <param name="kind">What the frame says; may be a number this version does not know.</param>
    /// <param name="length">Payload length in bytes.</param>
    /// <returns>False when the length is beyond <see cref="MaxPayload"/>: the peer is broken or hostile, hang up.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, out FrameKind kind, out int length)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header);
        kind = (FrameKind)header[4];
        length = size <= MaxPayload ? (int)size : 0;
        return size <= MaxPayload;
    }
}
