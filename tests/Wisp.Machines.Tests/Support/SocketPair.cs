using System.Net.Sockets;
using System.Text;

namespace Wisp.Machines.Tests.Support;

/// <summary>Two connected Unix sockets: ours, and the one that plays the VMM or the guest.</summary>
internal sealed class SocketPair : IDisposable
{
    // For what never comes.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[65536];
    private string _heard = "";

    private SocketPair(Socket ours, Socket theirs) => (Ours, Theirs) = (ours, theirs);

    public Socket Ours { get; }

    public Socket Theirs { get; }

    public static async Task<SocketPair> CreateAsync()
    {
        using var directory = new TemporaryDirectory();
        var address = new UnixDomainSocketEndPoint(Path.Combine(directory.Path, "socket"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen();
        var ours = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await ours.ConnectAsync(address);
        return new SocketPair(ours, await listener.AcceptAsync());
    }

    /// <summary>One that was accepted: the other end is whoever connected.</summary>
    public static SocketPair Accepted(Socket socket) => new(socket, socket);

    public Task SayAsync(string text) => SayAsync(Encoding.UTF8.GetBytes(text));

    public async Task SayAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await Theirs.SendAsync(bytes)..];
        }
    }

    /// <summary>Hears one line.</summary>
    public async Task<string> HearLineAsync()
    {
        while (!_heard.Contains('\n'))
        {
            var count = await Theirs.ReceiveAsync(_buffer).WaitAsync(Limit);
            Assert.NotEqual(0, count);
            _heard += Encoding.UTF8.GetString(_buffer, 0, count);
        }

        var end = _heard.IndexOf('\n');
        var line = _heard[..end];
        _heard = _heard[(end + 1)..];
        return line;
    }

    /// <summary>Hears exactly so many bytes.</summary>
    public async Task<byte[]> HearAsync(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var got = await Theirs.ReceiveAsync(bytes.AsMemory(read)).AsTask().WaitAsync(Limit);
            Assert.NotEqual(0, got);
            read += got;
        }

        return bytes;
    }

    public void Dispose()
    {
        Theirs.Dispose();
        Ours.Dispose();
    }
}
