using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Wisp.Gateway.Listening;

/// <summary>Says who has a port that is taken.</summary>
internal static class PortHolder
{
    private const string Page = "port-taken";

    /// <summary>Why a route cannot have the port of another.</summary>
    public static WispError Refusal(Route route, Route other) => new(
        ErrorCode.CannotAddService,
        $"{Name(route.Listen, route.Protocol == RouteProtocol.Udp)} is taken{(other.Tenant == route.Tenant ? $" by the service '{other.ServiceName}'" : "")}.",
        other.Tenant == route.Tenant ? "Publish another port, or delete that service." : "Publish another port.",
        Page);

    /// <summary>Why this host does not listen there.</summary>
    public static WispError Refusal(IPEndPoint endpoint, Exception exception, bool isUdp)
    {
        var taken = exception is AddressInUseException || (exception as SocketException)?.SocketErrorCode == SocketError.AddressAlreadyInUse;
        return new WispError(
            ErrorCode.CannotAddService,
            taken ? $"{Name(endpoint, isUdp)} is taken on this host{Describe(endpoint.Port, isUdp)}." : $"Cannot listen on {endpoint}: {exception.Message}.",
            taken ? "Publish another port, or stop what listens there." : "Publish on an address of this host.",
            Page);
    }

    private static string Name(IPEndPoint endpoint, bool isUdp) => $"{(isUdp ? "UDP port" : "Port")} {endpoint.Port} of {endpoint.Address}";

    // ' by nginx (pid 12)', or nothing when it cannot be found out.
    private static string Describe(int port, bool isUdp)
    {
        try
        {
            // The state of a socket that listens, or has no peer (include/net/tcp_states.h).
            var (table, state) = isUdp ? ("udp", "07") : ("tcp", "0A");
            var sockets = ((string[])[$"/proc/net/{table}", $"/proc/net/{table}6"])
                .Where(File.Exists)
                .SelectMany(path => File.ReadLines(path).Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[3] == state
                    && int.TryParse(fields[1].AsSpan(fields[1].IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var listening) && listening == port)
                .Select(fields => $"socket:[{fields[9]}]")
                .ToHashSet(StringComparer.Ordinal);
            if (sockets.Count == 0)
            {
                return "";
            }

            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                if (Holds(process, sockets))
                {
                    return $" by {File.ReadAllText(Path.Combine(process, "comm")).Trim()} (pid {Path.GetFileName(process)})";
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Processes come and go while they are looked through; a name is a courtesy.
        }

        return "";
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(process, "fd")).EnumerateFileSystemInfos().Any(file => file.LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
