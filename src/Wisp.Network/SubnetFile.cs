using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace Wisp.Network;

/// <summary>Chooses a node's subnet once and remembers it in the data directory.</summary>
internal static class SubnetFile
{
    /// <summary>The remembered subnet; null when there is none.</summary>
    /// <param name="path">The file.</param>
    public static NodeSubnet? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var text = File.ReadAllText(path).Trim();
        // Of the first days: the number of a block.
        return int.TryParse(text, CultureInfo.InvariantCulture, out var block)
            ? block is >= 0 and < NodeSubnet.Blocks ? new NodeSubnet(block, NodeSubnet.OldPrefix) : null
            : NodeSubnet.Parse(text);
    }

    /// <summary>Chooses one that nobody on this host seems to use, and remembers it.</summary>
    /// <param name="path">The file.</param>
    public static NodeSubnet Choose(string path)
    {
        // The devices of other nodes are named after their subnets. Starting at a place of our own makes it unlikely that two nodes
        // which begin at the same moment choose the same.
        var devices = NetworkInterface.GetAllNetworkInterfaces();
        var taken = devices.Select(device => device.Name.Split('-')[0]).ToHashSet(StringComparer.Ordinal);
        var used = devices
            .SelectMany(device => device.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .ToArray();
        const int Count = NodeSubnet.Blocks >> (NodeSubnet.OldPrefix - NodeSubnet.UsualPrefix);
        var start = Random.Shared.Next(Count);
        var subnet = Enumerable.Range(start, Count)
            .Select(candidate => new NodeSubnet(candidate % Count * (NodeSubnet.Blocks / Count), NodeSubnet.UsualPrefix))
            .First(candidate => !taken.Contains(candidate.Tag) && !used.Any(IPNetwork.Parse(candidate.Cidr).Contains));
        File.WriteAllText(path, subnet.Cidr + "\n");
        return subnet;
    }
}
