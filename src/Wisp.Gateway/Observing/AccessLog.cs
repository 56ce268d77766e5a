using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Wisp.Gateway.Observing;

/// <summary>
/// The access log: JSON, one line for each request or connection. Written by a task of its own; nobody on the data path waits for it, and what
/// comes faster than it can be written is dropped and counted.
/// </summary>
public sealed class AccessLog : IAsyncDisposable
{
    /// <summary>The target that is the standard output of this process.</summary>
    public const string StandardOutput = "-";

    private const int LongestQueue = 8192;
    private const int BatchBytes = 64 * 1024;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // Null is a call to look whether the file is to be opened again.
    private readonly Channel<AccessEntry?> _queue;
    private readonly ArrayBufferWriter<byte> _batch = new(BatchBytes);
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private readonly string _target;
    private readonly double _rate;
    private readonly Func<double> _draw;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private Stream? _output;
    private long _batchLines;
    private bool _isFailing;
    // A line may have been written in part.
    private bool _isBroken;
    private int _reopen;
    private long _lines;
    private long _dropped;

    private AccessLog(string target, Stream output, double rate, Func<double> draw, int queue, ILogger logger)
    {
        (_target, _output, _rate, _draw, _logger) = (target, output, rate, draw, logger);
        _queue = Channel.CreateBounded<AccessEntry?>(new BoundedChannelOptions(queue) { SingleReader = true });
        _json = new Utf8JsonWriter(_line);
        _writing = WriteAllAsync();
    }

    /// <summary>Lines that were written.</summary>
    public long Lines => Volatile.Read(ref _lines);

    /// <summary>Lines that were not, because too many came at once or the file could not be written.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Opens it.</summary>
    /// <param name="target">A file, which is appended to, or <see cref="StandardOutput"/>.</param>
    /// <param name="rate">Which part of all lines is written, 0 to 1; those of failures (5xx) always are.</param>
    /// <param name="draw">A number from 0 to 1 that decides on a line.</param>
    /// <param name="logger">Hears when it cannot be written.</param>
    /// <param name="queue">How many lines may wait.</param>
    public static Result<AccessLog> Open(string target, double rate, Func<double> draw, ILogger logger, int queue = LongestQueue)
    {
        try
        {
            return new AccessLog(target, OpenTarget(target), rate, draw, queue, logger);
        }
        catch (IOException exception)
        {
            return new WispError(ErrorCode.InvalidValue, $"The access log cannot be written: {exception.Message}", "Name a file in a directory that exists, or - for standard output.");
        }
    }

    /// <summary>Opens the file by its name again, after it was moved away.</summary>
    public void Reopen()
    {
        Volatile.Write(ref _reopen, 1);
        // Where the queue is full, there is somebody to look anyway.
        _queue.Writer.TryWrite(null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        // A pipe that nobody reads is no reason not to end.
        await _writing.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_writing.IsCompleted)
        {
            await _json.DisposeAsync();
            await (_output?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>Takes a line, unless it is one of those that are left out. Never waits.</summary>
    internal void Write(AccessEntry entry)
    {
        if ((_rate >= 1 || entry.IsFailure || _draw() < _rate) && !_queue.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private static Stream OpenTarget(string target) => target == StandardOutput ? Console.OpenStandardOutput() : AppendedFile.Open(target);

    private async Task WriteAllAsync()
    {
        await Task.Yield();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var entry))
            {
                if (entry is null || !TryAdd(entry))
                {
                    continue;
                }

                // Others write to standard output, too: what is written at once stays in one piece.
                if (_batch.WrittenCount >= BatchBytes || _target == StandardOutput)
                {
                    await FlushAsync();
                }
            }

            await FlushAsync();
        }
    }

    private bool TryAdd(AccessEntry entry)
    {
        try
        {
            JsonSerializer.Serialize(_json, entry, AccessJson.Default.AccessEntry);
            _batch.Write(_line.WrittenSpan);
            _batch.Write(LineEnd);
            _batchLines++;
            return true;
        }
        catch (Exception exception)
        {
            Drop(1, exception);
            return false;
        }
        finally
        {
            _json.Reset();
            _line.ResetWrittenCount();
        }
    }

    private async Task FlushAsync()
    {
        try
        {
            if (Interlocked.Exchange(ref _reopen, 0) != 0 && _target != StandardOutput && _output is { } before)
            {
                (_output, _isBroken) = (null, false);
                await before.DisposeAsync();
            }

            _output ??= OpenTarget(_target);
            if (_isBroken)
            {
                await _output.WriteAsync(LineEnd);
            }

            _isBroken = true;
            await _output.WriteAsync(_batch.WrittenMemory);
            _isBroken = false;
            Interlocked.Add(ref _lines, _batchLines);
            _isFailing = false;
        }
        catch (Exception exception)
        {
            Drop(_batchLines, exception);
        }

        _batch.ResetWrittenCount();
        _batchLines = 0;
    }

    // Whatever it was: requests go on, and so does their log once it can.
    private void Drop(long lines, Exception exception)
    {
        Interlocked.Add(ref _dropped, lines);
        if (!_isFailing)
        {
            _isFailing = true;
            _logger.AccessLogFailed(_target, exception.Message);
        }
    }
}
