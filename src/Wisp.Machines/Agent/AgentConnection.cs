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

    /// <summary>
    /// How long it stays away after it hung up, at least: time for the guest to see that, and to forget what either side had half said.
    /// Twice as long each time that it does not help, up to a minute.
    /// </summary>
    public static readonly TimeSpan ReopenDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestReopenDelay = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly Func<Task<Socket?>>? _reopen;
    private readonly CancellationTokenSource _noMore = new();
    private readonly SemaphoreSlim _write = new(1, 1);
    private readonly Channel<AgentMessage> _messages = Channel.CreateBounded<AgentMessage>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
    private readonly Task _reading;
    private volatile Socket _socket;

    /// <summary>Takes over an open channel.</summary>
    /// <param name="socket">The channel.</param>
    /// <param name="time">The clock.</param>
    /// <param name="reopen">Opens it anew; null when there is nobody any more. Without it, what breaks stays broken.</param>
    public AgentConnection(Socket socket, TimeProvider time, Func<Task<Socket?>>? reopen = null)
    {
        _socket = socket;
        _time = time;
        _reopen = reopen;
        _reading = ReadAsync();
    }

    /// <summary>What the guest says; completes when the connection ends for good. A guest that talks faster than it is heard has to wait.</summary>
    public ChannelReader<AgentMessage> Messages => _messages.Reader;

    /// <summary>Sends a frame, or hangs up: what comes after half a frame would not be understood.</summary>
    public async Task<Result> SendAsync(ReadOnlyMemory<byte> frame)
    {
        // Whoever is sending now is done or has hung up within the same time.
        await _write.WaitAsync(CancellationToken.None);
        var socket = _socket;
        try
        {
            using var deadline = new CancellationTokenSource(SendTimeout, _time);
            while (!frame.IsEmpty)
            {
                frame = frame[await socket.SendAsync(frame, SocketFlags.None, deadline.Token)..];
            }

            return Result.Success;
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
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

    /// <summary>Hangs up, to begin anew with a guest that is out of step.</summary>
    public void HangUp() => _socket.Dispose();

    /// <summary>There is nobody any more: it is not opened anew. What was said is still heard.</summary>
    public void End() => _noMore.Cancel();

    public async ValueTask DisposeAsync()
    {
        // The reader may be waiting for room that nobody will make, or for a new channel. (Semaphore and source are left to those who
        // still come for them.)
        End();
        _socket.Dispose();
        _messages.Writer.TryComplete();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var delay = ReopenDelay;
        while (true)
        {
            var from = _time.GetTimestamp();
            await HearAsync(_socket);
            _socket.Dispose();
            delay = _time.GetElapsedTime(from) > LongestReopenDelay ? ReopenDelay : delay;
            if (!await ReopenAsync(delay))
            {
                break;
            }

            delay = delay * 2 > LongestReopenDelay ? LongestReopenDelay : delay * 2;
        }

        _messages.Writer.TryComplete();
    }

    private async Task<bool> ReopenAsync(TimeSpan delay)
    {
        if (_reopen is null || _noMore.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            await Task.Delay(delay, _time, _noMore.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (await _reopen() is not { } socket)
        {
            return false;
        }

        _socket = socket;
        if (_noMore.IsCancellationRequested)
        {
            return false;
        }

        // The first thing that a host says.
        await SendAsync(AgentFrame.Encode(FrameKind.Query));
        return true;
    }

    private async Task HearAsync(Socket socket)
    {
        var header = new byte[AgentFrame.HeaderSize];
        try
        {
            while (await FillAsync(socket, header) && AgentFrame.TryReadHeader(header, out var kind, out var length) && length <= MaxGuestPayload)
            {
                var payload = new byte[length];
                if (!await FillAsync(socket, payload))
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
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
