namespace Wisp.GuestProtocol;

/// <summary>JSON that needs no escaping, written into a buffer that is long enough. Pure.</summary>
internal static class PlainJson
{
    /// <summary>Adds bytes as they are.</summary>
    public static void Add(byte[] text, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(text.AsSpan(length));
        length += bytes.Length;
    }

    /// <summary>Adds numbers with commas between them.</summary>
    public static void Add(byte[] text, ref int length, IReadOnlyList<int> numbers)
    {
        for (var i = 0; i < numbers.Count; i++)
        {
            if (i > 0)
            {
                text[length++] = (byte)',';
            }

            Add(text, ref length, numbers[i]);
        }
    }

    /// <summary>Adds a number.</summary>
    public static void Add(byte[] text, ref int length, long number)
    {
        if (number < 0)
        {
            text[length++] = (byte)'-';
        }

        // Negated as an unsigned number: the smallest number has no positive counterpart.
        var rest = number < 0 ? unchecked(0 - (ulong)number) : (ulong)number;
        var digits = 1;
        for (var left = rest; left >= 10; left /= 10)
        {
            digits++;
        }

        for (var at = length + digits - 1; at >= length; at--)
        {
            text[at] = (byte)('0' + (rest % 10));
            rest /= 10;
        }

        length += digits;
    }
}
