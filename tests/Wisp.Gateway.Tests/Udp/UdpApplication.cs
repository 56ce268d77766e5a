using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Wisp.Gateway.Tests.Udp;

/// <summary>What runs in the guest, or a client: a UDP socket of loopback, of which the test says what it sends.</summary>
internal sealed class UdpApplication : IDisposable
{
    private readonly Socket _socket;

    public UdpApplication(IPAddress? address = null, int port = 0)
    {
        address ??= IPAddress.Loopback;
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(address, port));
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Talks with nobody else from here on: what comes from elsewhere is not heard.</summary>
    public UdpApplication To(IPEndPoint endpoint)
    {
        _socket.Connect(endpoint);
        return this;
    }

    public void Send(string text) => Send(Encoding.ASCII.GetBytes(text));

    public void Send(byte[] datagram) => Assert.Equal(datagram.Length, _socket.Send(datagram));

    public void Send(string text, EndPoint to) => _socket.SendTo(Encoding.ASCII.GetBytes(text), to);

    public async Task<string> HearAsync() => (await HearFromAsync()).Text;

    public async Task<(string Text, EndPoint From)> HearFromAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        var heard = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0), TestContext.Current.CancellationToken);
        return (Encoding.ASCII.GetString(buffer, 0, heard.ReceivedBytes), heard.RemoteEndPoint);
    }

    /// <summary>Hears one and answers it.</summary>
    public async Task<string> EchoAsync(string prefix = "")
    {
        var (text, from) = await HearFromAsync();
        Send(prefix + text, from);
        return text;
    }

    public void Dispose() => _socket.Dispose();
}
