using System.Globalization;
using System.Net.NetworkInformation;

namespace Wisp.Network;

/// <summary>Chooses a node's subnet once and remembers it in the data directory.</summary>
internal static class SubnetFile
{
    /// <summary>The remembered subnet, or a new one that nobody on this host seems to use.</summary>
    /// <param name="path">The file.</param>
    public static NodeSubnet ReadOrChoose(string path)
    {
        if (File.Exists(path) && int.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out var index) && index is >= 0 and < NodeSubnet.Count)
        {
            return new NodeSubnet(index);
        }

        // The devices of other nodes are named after their subnets. Starting at a place of our own makes it unlikely that two nodes
        // which begin at the same moment choose the same.
        var taken = NetworkInterface.GetAllNetworkInterfaces().Select(device => device.Name.Split('-')[0]).ToHashSet(StringComparer.Ordinal);
        var used = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(device => device.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address.ToString())
            .ToHashSet(StringComparer.Ordinal);
        var start = Random.Shared.Next(NodeSubnet.Count);
        var subnet = Enumerable.Range(start, NodeSubnet.Count)
            .Select(candidate => new NodeSubnet(candidate % NodeSubnet.Count))
            .First(candidate => !taken.Contains(candidate.Tag) && !used.Contains(candidate.Gateway.ToString()));
        File.WriteAllText(path, subnet.Index.ToString(CultureInfo.InvariantCulture) + "\n");
        return subnet;
    }
}
