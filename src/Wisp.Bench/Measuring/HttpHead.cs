using System.Globalization;
using System.Text;

namespace Wisp.Bench.Measuring;

/// <summary>The head of an HTTP/1.1 answer, as far as measuring needs it. Pure.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Length">Bytes of the head, with the empty line.</param>
/// <param name="ContentLength">Bytes of the body; null when the connection's end is its end.</param>
/// <param name="Timing">What the gateway says of a wake.</param>
/// <param name="IsLast">Whether the server ends the connection with it.</param>
internal sealed record HttpHead(int Status, int Length, int? ContentLength, ServerTiming? Timing, bool IsLast = false)
{
    /// <summary>Reads a head; null while its end has not come.</summary>
    /// <exception cref="InvalidDataException">It is not HTTP/1.1, or its body is chunked, which the measured server does not do.</exception>
    public static HttpHead? Parse(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var lines = Encoding.ASCII.GetString(received[..end]).Split("\r\n");
        if (lines[0].Split(' ') is not ["HTTP/1.1", var code, ..] || !int.TryParse(code, CultureInfo.InvariantCulture, out var status))
        {
            throw new InvalidDataException($"'{lines[0]}' is not the beginning of an HTTP/1.1 answer.");
        }

        if (Find(lines, "Transfer-Encoding") is { } encoding)
        {
            throw new InvalidDataException($"The answer is '{encoding}'; the measured server has to give its length.");
        }

        int? length = int.TryParse(Find(lines, "Content-Length"), CultureInfo.InvariantCulture, out var given) ? given : null;
        return new HttpHead(status, end + 4, length, ServerTiming.Parse(Find(lines, "Server-Timing")), string.Equals(Find(lines, "Connection"), "close", StringComparison.OrdinalIgnoreCase));
    }

    private static string? Find(string[] lines, string name) => lines
        .Where(line => line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
