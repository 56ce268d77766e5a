using System.Net;

namespace Wisp.Network.Dns;

/// <summary>Whom the host asks, read again whenever that has changed.</summary>
/// <param name="path">The file, <c>/etc/resolv.conf</c>.</param>
internal sealed class HostResolvers(string path)
{
    // As many as the C library's resolver takes.
    private const int Most = 3;

    private Reading? _reading;

    /// <summary>Where to ask, in the host's order; none when it names none.</summary>
    public IReadOnlyList<IPEndPoint> Read()
    {
        try
        {
            var written = File.GetLastWriteTimeUtc(path);
            var reading = Volatile.Read(ref _reading);
            if (reading?.Written != written)
            {
                reading = new Reading(written, Parse(File.ReadLines(path)));
                Volatile.Write(ref _reading, reading);
            }

            return reading.Servers;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The name servers among the lines of such a file. Pure.</summary>
    internal static IReadOnlyList<IPEndPoint> Parse(IEnumerable<string> lines) =>
    [
        .. lines
            .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..])
            .Select(words => IPAddress.TryParse(words[1], out var address) ? new IPEndPoint(address, 53) : null)
            .OfType<IPEndPoint>()
            .Take(Most),
    ];

    private sealed record Reading(DateTime Written, IReadOnlyList<IPEndPoint> Servers);
}
