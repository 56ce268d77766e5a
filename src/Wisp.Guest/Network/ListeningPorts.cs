using System.Globalization;

namespace Wisp.Guest.Network;

/// <summary>Reads /proc/net/tcp and tcp6: who listens where. Pure.</summary>
internal static class ListeningPorts
{
    private const string Listening = "0A";

    /// <summary>The listening ports of a table.</summary>
    /// <param name="table">Text of /proc/net/tcp or tcp6.</param>
    /// <param name="reachable">Gets ports that outsiders reach.</param>
    /// <param name="loopback">Gets ports on the loopback address.</param>
    public static void Read(string? table, ISet<int> reachable, ISet<int> loopback)
    {
        foreach (var line in (table ?? "").Split('\n').Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 4 || fields[3] != Listening || fields[1].Split(':') is not [var address, var port])
            {
                continue;
            }

            var number = int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            (IsLoopback(address) ? loopback : reachable).Add(number);
        }
    }

    // Addresses are in host byte order, four bytes at a time: 127.x.y.z ends in 7F, ::1 is its own form, and a mapped IPv4 address
    // has FFFF in its third word.
    private static bool IsLoopback(string address) => address.Length switch
    {
        8 => address.EndsWith("7F", StringComparison.Ordinal),
        _ => address == "00000000000000000000000001000000"
            || (address.StartsWith("0000000000000000FFFF0000", StringComparison.Ordinal) && address.EndsWith("7F", StringComparison.Ordinal)),
    };
}
