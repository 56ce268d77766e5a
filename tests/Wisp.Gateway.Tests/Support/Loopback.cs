using System.Net;

namespace Wisp.Gateway.Tests.Support;

/// <summary>
/// Places to listen: an address of 127.0.0.0/8 for each, so that no two tests, and no connection's own port, can be in the way.
/// </summary>
internal static class Loopback
{
    // Below the range that the kernel takes ports of outgoing connections from.
    private const int Port = 18_080;
    private static int _count;

    /// <summary>A port for who listens on all addresses: another for each, above those of <see cref="Next"/>.</summary>
    public static int NextPort() => Port + 0x1000 + (Interlocked.Increment(ref _count) & 0x7FF) + (Environment.ProcessId & 0x3 << 11);

    public static IPEndPoint Next()
    {
        var number = Interlocked.Increment(ref _count);
        return new IPEndPoint(
            new IPAddress([127, (byte)(100 + (number >> 8)), (byte)Environment.ProcessId, (byte)number]), Port + ((Environment.ProcessId >> 8) & 0xFFF));
    }
}
