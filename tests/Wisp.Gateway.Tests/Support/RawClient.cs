using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Wisp.Gateway.Tests.Support;

/// <summary>A TCP connection driven byte by byte, for what an HTTP client hides.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private string _pending = "";

    private RawClient(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RawClient> ConnectAsync(IPEndPoint to)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, Cancel);
            return new RawClient(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    public static RawClient Over(Socket socket) => new(socket);

    public NetworkStream Stream => _stream;

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancel);

    /// <summary>Reads to the given text and returns everything up to its end.</summary>
    public async Task<string> ReadUntilAsync(string mark)
    {
        int found;
        while ((found = _pending.IndexOf(mark, StringComparison.Ordinal)) < 0)
        {
            var more = await ReadSomeAsync();
            Assert.True(more.Length > 0, $"The connection ended after: {_pending}");
            _pending += more;
        }

        var text = _pending[..(found + mark.Length)];
        _pending = _pending[(found + mark.Length)..];
        return text;
    }

    /// <summary>Reads so many bytes.</summary>
    public async Task<string> ReadAsync(int length)
    {
        while (_pending.Length < length)
        {
            var more = await ReadSomeAsync();
            Assert.True(more.Length > 0, $"The connection ended after: {_pending}");
            _pending += more;
        }

        var text = _pending[..length];
        _pending = _pending[length..];
        return text;
    }

    /// <summary>Reads to the end of the stream, whether it ends with a word or by a reset.</summary>
    public async Task<string> ReadToAnyEndAsync()
    {
        try
        {
            return await ReadToEndAsync();
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            return _pending;
        }
    }

    /// <summary>Reads what comes next; nothing when the stream ends, whether with a word or by a reset.</summary>
    public async Task<string> TryReadAsync()
    {
        try
        {
            return await ReadSomeAsync();
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            return "";
        }
    }

    /// <summary>Reads to the end of the stream.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadSomeAsync() is { Length: > 0 } more)
        {
            _pending += more;
        }

        return _pending;
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Goes away without a word (RST).</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<string> ReadSomeAsync()
    {
        var buffer = new byte[4096];
        return Encoding.Latin1.GetString(buffer, 0, await _stream.ReadAsync(buffer, Cancel));
    }
}
