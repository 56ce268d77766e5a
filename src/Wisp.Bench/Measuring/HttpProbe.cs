using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Wisp.Bench.Measuring;

/// <summary>
/// One HTTP/1.1 connection on a bare socket: what is measured is the server, and a client with pools, handlers and its own
/// timeouts would be measured with it.
/// </summary>
public sealed class HttpProbe : IDisposable
{
    // Longer than the gateway holds a request.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _request;
    private readonly IPEndPoint _server;
    private readonly int _expected;

    /// <summary>A connection that is still to be opened.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="keepAlive">False says that the first answer is the last.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="host">Of whom; null asks for the address.</param>
    /// <param name="expected">The status that is none of a failure.</param>
    public HttpProbe(IPEndPoint server, bool keepAlive, string path = "/", string? host = null, int expected = 200)
    {
        (_server, _expected) = (server, expected);
        _request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host ?? server.ToString()}\r\n{(keepAlive ? "" : "Connection: close\r\n")}\r\n");
    }

    /// <summary>One request over a connection of its own, which is part of what is timed.</summary>
    public static async Task<Result<HttpAnswer>> GetOnceAsync(IPEndPoint server, CancellationToken cancellation)
    {
        using var probe = new HttpProbe(server, keepAlive: false);
        return (await probe.ConnectAsync(cancellation)).Failed(out var error) ? error : await probe.GetAsync(cancellation);
    }

    /// <summary>Opens the connection.</summary>
    public async Task<Result> ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            await _socket.ConnectAsync(_server, cancellation);
            return Result.Success;
        }
        catch (SocketException exception)
        {
            return Failure(exception.Message);
        }
    }

    /// <summary>One request. Anything but a whole answer with the expected status is a failure.</summary>
    public async Task<Result<HttpAnswer>> GetAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await _socket.SendAsync(_request, patience.Token);
            var received = await _socket.ReceiveAsync(_buffer, patience.Token);
            var firstByteAt = TimeProvider.System.GetTimestamp();
            var head = await ReadAsync(received, patience.Token);
            return head.Status == _expected ? new HttpAnswer(firstByteAt, head.Timing, head.IsLast) : Failure($"status {head.Status}");
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException)
        {
            return Failure(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failure($"no answer within {Patience.TotalSeconds} s");
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _socket.Dispose();

    private async Task<HttpHead> ReadAsync(int received, CancellationToken cancellation)
    {
        HttpHead? head = null;
        for (var last = received; ; received += last)
        {
            head ??= HttpHead.Parse(_buffer.AsSpan(0, received));
            if (head is { ContentLength: { } length } && received >= head.Length + length)
            {
                return head;
            }

            if (last == 0)
            {
                return head is { ContentLength: null } ? head : throw new InvalidDataException("the connection ended before the answer did");
            }

            if (received == _buffer.Length)
            {
                throw new InvalidDataException("the answer is too long to be measured");
            }

            last = await _socket.ReceiveAsync(_buffer.AsMemory(received), cancellation);
        }
    }

    private WispError Failure(string reason) => new(ErrorCode.OperationFailed, $"GET http://{_server}/: {reason}.");
}
