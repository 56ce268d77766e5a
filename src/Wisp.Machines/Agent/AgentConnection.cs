using System.Net.Sockets;
using System.Threading.Channels;
using Wisp.GuestProtocol;

namespace Wisp.Machines.Agent;

/// <summary>The host's end of the agent channel. What comes in is written by a guest, so it is bounded and trusted with nothing.</summary>
internal sealed class AgentConnection : IAsyncDisposable
{
    /// <summary>A guest has nothing to say that is longer.</summary>
    public const int MaxGuestPayload = 64 * 1024;

    private readonly Socket _socket;
    private readonly SemaphoreSlim _write = new(1, 1);
    private readonly Channel<AgentMessage> _messages = Channel.CreateBounded<AgentMessage>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
    private readonly Task _reading;

    public AgentConnection(Socket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>What the guest says; completes when the connection ends. A guest that talks faster than it is heard has to wait.</summary>
    public ChannelReader<AgentMessage> Messages => _messages.Reader;

    /// <summary>Sends a frame.</summary>
    public async Task<Result> SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        await _write.WaitAsync(cancellation);
        try
        {
            while (!frame.IsEmpty)
            {
                frame = frame[await _socket.SendAsync(frame, SocketFlags.None, cancellation)..];
            }

            return Result.Success;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return new WispError(ErrorCode.OperationFailed, "The guest's agent cannot be reached: " + exception.Message);
        }
        finally
        {
            _write.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        // The reader may be waiting for room that nobody will make. (The semaphore is left to those who still come for it.)
        _messages.Writer.TryComplete();
        await _reading;
    }

    private async Task ReadAsync()
    {
        var header = new byte[AgentFrame.HeaderSize];
        try
        {
            while (await FillAsync(header) && AgentFrame.TryReadHeader(header, out var kind, out var length) && length <= MaxGuestPayload)
            {
                var payload = new byte[length];
                if (!await FillAsync(payload))
                {
                    break;
                }

                await _messages.Writer.WriteAsync(new AgentMessage(kind, payload));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or ChannelClosedException)
        {
            // Hung up, by either side.
        }

        _messages.Writer.TryComplete();
    }

    private async Task<bool> FillAsync(Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = await _socket.ReceiveAsync(buffer, SocketFlags.None);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
