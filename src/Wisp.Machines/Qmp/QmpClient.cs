using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Wisp.Machines.Qmp;

/// <summary>
/// A client of the QEMU Machine Protocol (QEMU docs, "qmp-spec"): one JSON object a line over a unix socket. Commands may be
/// under way side by side; answers are matched by id. Thread-safe.
/// </summary>
public sealed class QmpClient : IAsyncDisposable
{
    private const int MaxLine = 4 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _write = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<Result<JsonElement>>> _pending = new();
    private readonly Channel<QmpEvent> _events = Channel.CreateUnbounded<QmpEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource<bool> _greeting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private volatile bool _lost;
    private int _lastId;

    private QmpClient(Socket socket, TimeProvider time)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _time = time;
        _reading = ReadAsync();
    }

    /// <summary>What the VMM reports, in order. Completes when the connection ends: then the VMM is gone or has hung up.</summary>
    public ChannelReader<QmpEvent> Events => _events.Reader;

    /// <summary>True once the VMM is gone or has hung up.</summary>
    internal bool IsLost => _lost;

    /// <summary>Takes over a connected socket, waits for the greeting and leaves capabilities negotiation behind.</summary>
    /// <param name="socket">Connected; owned by the client from here on.</param>
    /// <param name="time">Clock for time limits.</param>
    /// <param name="timeout">For greeting and negotiation together.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Result<QmpClient>> ConnectAsync(Socket socket, TimeProvider time, TimeSpan timeout, CancellationToken cancellation)
    {
        var client = new QmpClient(socket, time);
        WispError? error;
        try
        {
            error = await client._greeting.Task.WaitAsync(timeout, time, cancellation)
                ? (await client.ExecuteAsync("qmp_capabilities", null, timeout, cancellation)).Error
                : Lost("the greeting");
        }
        catch (TimeoutException)
        {
            error = new WispError(ErrorCode.TimedOut, $"The VMM did not greet within {timeout.TotalSeconds} s.");
        }
        catch (OperationCanceledException)
        {
            await client.DisposeAsync();
            throw;
        }

        if (error is null)
        {
            return client;
        }

        await client.DisposeAsync();
        return error;
    }

    /// <summary>Runs a command.</summary>
    /// <param name="command">Its name, e.g. <c>query-status</c>.</param>
    /// <param name="arguments">Its arguments as a JSON object, or null.</param>
    /// <param name="timeout">After which the answer is no longer waited for.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>
    /// The <c>return</c> member; <see cref="ErrorCode.OperationFailed"/> with QEMU's class and description;
    /// <see cref="ErrorCode.TimedOut"/>; or <see cref="ErrorCode.OperationFailed"/> when the connection is lost.
    /// </returns>
    public Task<Result<JsonElement>> ExecuteAsync(string command, string? arguments, TimeSpan timeout, CancellationToken cancellation) =>
        ExecuteAsync(command, arguments, null, timeout, cancellation);

    /// <summary>The same with a descriptor that goes along, as <c>add-fd</c> wants one. Not beside another such: QEMU keeps but one until it is used.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="arguments">Its arguments, or null.</param>
    /// <param name="descriptor">An open file or socket, or null.</param>
    /// <param name="timeout">After which the answer is no longer waited for.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public async Task<Result<JsonElement>> ExecuteAsync(
        string command, string? arguments, SafeHandle? descriptor, TimeSpan timeout, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<Result<JsonElement>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        try
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"execute\":\"{command}\",\"id\":{id}{(arguments is null ? "" : ",\"arguments\":" + arguments)}}}\n");
            await _write.WaitAsync(cancellation);
            try
            {
                if (descriptor is null)
                {
                    await _stream.WriteAsync(Encoding.UTF8.GetBytes(line), cancellation);
                }
                else
                {
                    Descriptors.Send(_socket.SafeHandle, Encoding.UTF8.GetBytes(line), [(int)descriptor.DangerousGetHandle()]);
                }
            }
            finally
            {
                _write.Release();
            }

            // Whoever registers after the reader's last words looks here, and those before it are told. An answer that came stands.
            if (_lost)
            {
                answer.TrySetResult(Lost(command));
            }

            return await answer.Task.WaitAsync(timeout, _time, cancellation);
        }
        catch (TimeoutException)
        {
            return new WispError(ErrorCode.TimedOut, $"The VMM did not answer '{command}' within {timeout.TotalSeconds} s.");
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            return Lost(command);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    /// <summary>Hangs up; the VMM goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
        await _stream.DisposeAsync();
        _write.Dispose();
    }

    private static WispError Lost(string waitingFor) =>
        new(ErrorCode.OperationFailed, $"The connection to the VMM was lost while waiting for '{waitingFor}'.");

    private async Task ReadAsync()
    {
        var buffer = new byte[8192];
        var length = 0;
        try
        {
            while (length < MaxLine)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                var count = await _stream.ReadAsync(buffer.AsMemory(length));
                if (count == 0)
                {
                    break;
                }

                length += count;
                var start = 0;
                for (int end; (end = buffer.AsSpan(start, length - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
                {
                    Take(buffer.AsMemory(start, end));
                }

                buffer.AsSpan(start, length - start).CopyTo(buffer);
                length -= start;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or JsonException or SocketException or InvalidOperationException)
        {
            // The peer is gone, or talks nonsense (no JSON, or JSON of another shape), which is as bad: all who wait are told below.
        }

        _lost = true;
        _greeting.TrySetResult(false);
        foreach (var (_, waiting) in _pending)
        {
            waiting.TrySetResult(Lost("its answer"));
        }

        _events.Writer.TryComplete();
    }

    private void Take(ReadOnlyMemory<byte> line)
    {
        if (line.Span.Trim(" \r\t"u8).IsEmpty)
        {
            return;
        }

        using var document = JsonDocument.Parse(line);
        var message = document.RootElement;
        if (message.TryGetProperty("QMP", out _))
        {
            _greeting.TrySetResult(true);
        }
        else if (message.TryGetProperty("event", out var name))
        {
            var data = message.TryGetProperty("data", out var given) ? given.Clone() : default;
            _events.Writer.TryWrite(new QmpEvent(name.GetString() ?? "", data));
        }
        else if (message.TryGetProperty("id", out var id) && id.TryGetInt32(out var number) && _pending.TryRemove(number, out var waiting))
        {
            waiting.TrySetResult(message.TryGetProperty("return", out var value) ? value.Clone() : Refused(message));
        }
    }

    private static WispError Refused(JsonElement message)
    {
        var error = message.TryGetProperty("error", out var given) ? given : default;
        var words = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("desc", out var description) ? description.GetString() : message.GetRawText();
        return new WispError(ErrorCode.OperationFailed, $"The VMM refused: {words}");
    }
}
