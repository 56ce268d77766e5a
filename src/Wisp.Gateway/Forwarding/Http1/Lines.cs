using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Wisp.Gateway.Forwarding.Http1;

/// <summary>Reads lines of text out of a stream of bytes.</summary>
internal static class Lines
{
    /// <summary>What a header's name is made of.</summary>
    public static SearchValues<char> TokenCharacters { get; } =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>The next line without its end, which is CR LF, or LF alone as some servers write.</summary>
    public static async ValueTask<string> ReadLineAsync(this PipeReader input, int limit, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var end = read.Buffer.PositionOf((byte)'\n');
            var line = end is { } there ? read.Buffer.Slice(0, there) : read.Buffer;
            if (line.Length > limit)
            {
                throw Invalid("a line or a head that is too long");
            }

            if (end is { } found)
            {
                var text = Encoding.Latin1.GetString(line);
                input.AdvanceTo(read.Buffer.GetPosition(1, found));
                return text is [.. var before, '\r'] ? before : text;
            }

            if (read.IsCompleted)
            {
                throw BrokenOff();
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public static HttpIOException BrokenOff() =>
        new(HttpRequestError.ResponseEnded, "The instance ended the connection before its answer was whole.");

    public static HttpIOException Invalid(string what) => new(HttpRequestError.InvalidResponse, $"The instance's answer is not HTTP: {what}.");
}
