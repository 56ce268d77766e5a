using System.Net;

namespace Wisp.Bench.Measuring;

/// <summary>Asks again as soon as it has an answer, over one connection, and notes the longest time between two answers.</summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task<Result<TimeSpan>> _asking;

    /// <summary>Begins.</summary>
    public SteadyClient(IPEndPoint server) => _asking = AskAsync(server);

    /// <summary>Ends; the longest time that somebody waited for an answer meanwhile.</summary>
    public async Task<Result<TimeSpan>> StopAsync()
    {
        await _end.CancelAsync();
        return await _asking;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task<Result<TimeSpan>> AskAsync(IPEndPoint server)
    {
        using var probe = new HttpProbe(server, keepAlive: true);
        if ((await probe.ConnectAsync(CancellationToken.None)).Failed(out var error))
        {
            return error;
        }

        var longest = TimeSpan.Zero;
        long? before = null;
        do
        {
            if ((await probe.GetAsync(CancellationToken.None)).Failed(out error, out var answer))
            {
                return error;
            }

            if (before is { } last && TimeProvider.System.GetElapsedTime(last, answer.FirstByteAt) is var gap && gap > longest)
            {
                longest = gap;
            }

            before = answer.FirstByteAt;
        }
        while (!_end.IsCancellationRequested);
        return longest;
    }
}
