using System.Net.Sockets;
using System.Threading.Channels;
using Wisp.GuestProtocol;

namespace Wisp.Machines.Agent;

/// <summary>The host's end of the agent channel. What comes in is written by a guest, so it is bounded and trusted with nothing.</summary>
internal sealed class AgentConnection : IAsyncDisposable
{
    /// <summary>A guest has nothing to say that is longer.</summary>
    public const int MaxGuestPayload = 64 * 1024;

    /// <summary>
    /// What a send may take. A frame goes into the socket's buffer at once, whether the guest runs or sleeps; only one that has long
    /// stopped reading leaves no room, and nobody shall wait for it.
    /// </summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _write = new(1, 1);
    private readonly Channel<AgentMessage> _messages = Channel.CreateBounded<AgentMessage>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
    private readonly Task _reading;

    public AgentConnection(Socket socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _reading = ReadAsync();
    }

    /// <summary>What the guest says; completes when the connection ends. A guest that talks faster than it is heard has to wait.</summary>
    public ChannelReader<AgentMessage> Messages => _messages.Reader;

    /// <summary>Sends a frame, or hangs up: what comes after half a frame would not be understood.</summary>
    public async Task<Result> SendAsync(ReadOnlyMemory<byte> frame)
    {
        // Whoever is sending now is done or has hung up within the same time.
        await _write.WaitAsync(CancellationToken.None);
        try
        {
            using var deadline = new CancellationTokenSource(SendTimeout, _time);
            while (!frame.IsEmpty)
            {
                frame = frame[await _socket.SendAsync(frame, SocketFlags.None, deadline.Token)..];
            }

            return Result.Success;
        }
        catch (OperationCanceledException)
        {
            _socket.Dispose();
            return new WispError(ErrorCode.TimedOut, "The guest's agent does not read what it is told.");
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
