using System.Net;
using System.Net.Sockets;

namespace Wisp.Cli.Commands.Demo;

/// <summary>Ports of the loopback address that nobody listens on.</summary>
internal static class FreePort
{
    private const int Tries = 100;

    /// <summary>The first free one from a port on; any, where many are taken.</summary>
    public static int From(int port)
    {
        for (var candidate = port; candidate < port + Tries; candidate++)
        {
            if (TryListen(candidate) is { } free)
            {
                return free;
            }
        }

        return TryListen(0) ?? port;
    }

    private static int? TryListen(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
