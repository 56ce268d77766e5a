using Wisp.GuestProtocol;

namespace Wisp.Guest.Agent;

/// <summary>Puts frames together from bytes as they come. Pure.</summary>
internal sealed class FrameDecoder
{
    private byte[] _buffer = new byte[4096];
    private int _length;

    /// <summary>Forgets half a frame: the host has hung up and begins anew.</summary>
    public void Reset() => _length = 0;

    /// <summary>Takes bytes and hands out each frame that is complete.</summary>
    /// <param name="bytes">What was read.</param>
    /// <param name="handle">Called per frame; the payload is valid during the call only.</param>
    /// <returns>False when the peer sent a length that is not allowed.</returns>
    public bool Feed(ReadOnlySpan<byte> bytes, Action<FrameKind, ReadOnlyMemory<byte>> handle)
    {
        if (_length + bytes.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_length + bytes.Length, _buffer.Length * 2));
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        var start = 0;
        while (_length - start >= AgentFrame.HeaderSize)
        {
            if (!AgentFrame.TryReadHeader(_buffer.AsSpan(start), out var kind, out var length))
            {
                Reset();
                return false;
            }

            if (_length - start < AgentFrame.HeaderSize + length)
            {
                break;
            }

            handle(kind, _buffer.AsMemory(start + AgentFrame.HeaderSize, length));
            start += AgentFrame.HeaderSize + length;
        }

        _buffer.AsSpan(start, _length - start).CopyTo(_buffer);
        _length -= start;
        return true;
    }
}
