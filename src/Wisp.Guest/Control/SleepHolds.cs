using Wisp.Guest.Native;

namespace Wisp.Guest.Control;

/// <summary>How often applications asked that the machine be not put to sleep: scale_to_zero_disable. Pure.</summary>
internal sealed class SleepHolds
{
    public ulong Count { get; private set; }

    /// <summary>What reading gives.</summary>
    public byte[] Text => System.Text.Encoding.ASCII.GetBytes($"={Count}\n");

    /// <summary>
    /// Does what was written: <c>+</c>, <c>-</c>, <c>+N</c>, <c>-N</c> or <c>=N</c>, N in decimal digits, perhaps a line feed after it.
    /// </summary>
    /// <returns>0; EINVAL for anything else; ERANGE, and no change, where the result would be negative or beyond 64 bits.</returns>
    public int Apply(ReadOnlySpan<byte> written)
    {
        if (written is [.. var line, (byte)'\n'])
        {
            written = line;
        }

        if (written.IsEmpty || written[0] is not ((byte)'+' or (byte)'-' or (byte)'=') || (written[0] == '=' && written.Length == 1))
        {
            return Libc.EInval;
        }

        var digits = written[1..];
        var number = digits.IsEmpty ? 1ul : 0;
        var overflows = false;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return Libc.EInval;
            }

            var value = (uint)(digit - '0');
            overflows |= number > (ulong.MaxValue - value) / 10;
            number = unchecked((number * 10) + value);
        }

        var isOutside = written[0] switch
        {
            (byte)'+' => number > ulong.MaxValue - Count,
            (byte)'-' => number > Count,
            _ => false,
        };
        if (overflows || isOutside)
        {
            return Libc.ERange;
        }

        Count = written[0] switch
        {
            (byte)'+' => Count + number,
            (byte)'-' => Count - number,
            _ => number,
        };
        return 0;
    }
}
