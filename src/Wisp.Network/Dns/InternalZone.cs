using System.Globalization;

namespace Wisp.Network.Dns;

/// <summary>What the node itself answers: <c>NAME.internal</c> of the asker's account, and the way back from the node's own addresses.</summary>
internal sealed class InternalZone(NodeSubnet subnet, IGuestDirectory guests)
{
    private const string Zone = "internal", Reverse = ".in-addr.arpa";
    private const ushort Address = 1, Pointer = 12, Any = 255, Internet = 1;

    /// <summary>The answer; null when it is somebody else's to give.</summary>
    /// <param name="asker">The slot of the guest that asks.</param>
    /// <param name="message">The question.</param>
    /// <param name="query">The same, understood.</param>
    public byte[]? Answer(int asker, ReadOnlySpan<byte> message, DnsQuery query)
    {
        if (query.Name == Zone)
        {
            return DnsAnswer.Of(message, query, DnsAnswer.Code.NoError);
        }

        if (query.Name.EndsWith("." + Zone, StringComparison.Ordinal))
        {
            return guests.Find(asker, query.Name[..^(Zone.Length + 1)]) is { } slot
                ? Answer(message, query, Address, subnet.GuestAt(slot).GetAddressBytes())
                : DnsAnswer.Of(message, query, DnsAnswer.Code.NameError);
        }

        if (!query.Name.EndsWith(Reverse, StringComparison.Ordinal) || ReadReverse(query.Name[..^Reverse.Length]) is not { } address || !subnet.Contains(address))
        {
            return null;
        }

        return subnet.SlotAt(address) is { } other && guests.NameOf(asker, other) is { } name
            ? Answer(message, query, Pointer, DnsAnswer.Name($"{name}.{Zone}"))
            : DnsAnswer.Of(message, query, DnsAnswer.Code.NameError);
    }

    private static byte[] Answer(ReadOnlySpan<byte> message, DnsQuery query, ushort type, byte[] data) =>
        (query.Type == type || query.Type == Any) && query.Class is Internet or Any
            ? DnsAnswer.Of(message, query, type, data)
            : DnsAnswer.Of(message, query, DnsAnswer.Code.NoError);

    private static uint? ReadReverse(string name)
    {
        var parts = name.Split('.');
        if (parts.Length != 4)
        {
            return null;
        }

        var address = 0u;
        for (var i = 3; i >= 0; i--)
        {
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var part))
            {
                return null;
            }

            address = (address << 8) | part;
        }

        return address;
    }
}
