using System.Net;
using System.Net.Sockets;
using Wisp.Guest.Network;

namespace Wisp.Guest.Tests.Network;

public sealed class ListeningPortsTests
{
    private const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    [Theory]
    [InlineData("00000000:1F90", true)]
    [InlineData("0200400A:1F90", true)]
    [InlineData("0100007F:1F90", false)]
    [InlineData("3500007F:1F90", false)]
    [InlineData("7F00000A:1F90", true)]
    [InlineData("00000000000000000000000000000000:1F90", true)]
    [InlineData("00000000000000000000000001000000:1F90", false)]
    [InlineData("0000000000000000FFFF00000100007F:1F90", false)]
    [InlineData("0000000000000000FFFF00000200400A:1F90", true)]
    public void A_listener_is_reachable_unless_it_is_on_loopback(string address, bool outside)
    {
        var (reachable, loopback) = Read(Header + $"   0: {address} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1\n");
        Assert.Equal([8080], outside ? reachable : loopback);
        Assert.Empty(outside ? loopback : reachable);
    }

    [Fact]
    public void A_connection_is_no_listener()
    {
        var (reachable, loopback) = Read(Header + "   0: 0200400A:1F90 0100400A:C350 01 00000000:00000000 00:00000000 00000000     0        0 1\n");
        Assert.Empty(reachable.Concat(loopback));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Header)]
    [InlineData(Header + "   0: torn")]
    public void A_table_with_nothing_in_it_has_no_ports(string? table) => Assert.Empty(Read(table).Reachable);

    /// <summary>The kernel's own text, not what we take it to be.</summary>
    [Theory]
    [InlineData("0.0.0.0", "/proc/net/tcp", true)]
    [InlineData("127.0.0.1", "/proc/net/tcp", false)]
    [InlineData("127.5.5.5", "/proc/net/tcp", false)]
    [InlineData("::", "/proc/net/tcp6", true)]
    [InlineData("::1", "/proc/net/tcp6", false)]
    [InlineData("::ffff:127.0.0.1", "/proc/net/tcp6", false)]
    public void A_real_listener_is_seen(string address, string table, bool outside)
    {
        using var listener = new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (listener.AddressFamily == AddressFamily.InterNetworkV6)
        {
            listener.DualMode = true;
        }

        listener.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Assert.DoesNotContain(port, Both(Read(File.ReadAllText(table))));
        listener.Listen();
        var (reachable, loopback) = Read(File.ReadAllText(table));
        Assert.Contains(port, outside ? reachable : loopback);
    }

    private static IEnumerable<int> Both((SortedSet<int> Reachable, SortedSet<int> Loopback) ports) => ports.Reachable.Concat(ports.Loopback);

    private static (SortedSet<int> Reachable, SortedSet<int> Loopback) Read(string? table)
    {
        var (reachable, loopback) = (new SortedSet<int>(), new SortedSet<int>());
        ListeningPorts.Read(table, reachable, loopback);
        return (reachable, loopback);
    }
}
