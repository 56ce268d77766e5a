using Microsoft.Extensions.Logging;
using Wisp.Tools;

namespace Wisp.Certificates.Acme;

/// <summary>DNS-01 (RFC 8555 §8.4): a program of the operator's puts the record where the domain's servers find it.</summary>
/// <param name="program">Called with <c>add</c> or <c>remove</c>, the record's name and its value; returns once servers answer so.</param>
/// <param name="tools">Runs it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of records that could not be removed.</param>
public sealed class DnsHookResponder(string program, IToolRunner tools, TimeProvider time, ILogger logger) : IChallengeResponder
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // For the removal once the order was given up: whoever stops the daemon waits for it.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Type => "dns-01";

    /// <inheritdoc/>
    public string NextStep => $"'{program} add NAME VALUE' must return once the domain's servers answer with the record.";

    /// <inheritdoc/>
    public async Task<Result<IAsyncDisposable>> PresentAsync(Challenge challenge, CancellationToken cancellation)
    {
        var record = new Record(this, challenge, cancellation);
        var isThere = false;
        try
        {
            var added = await AddAsync(challenge, cancellation);
            isThere = added.IsSuccess;
            return added.Failed(out var error) ? error : record;
        }
        finally
        {
            if (!isThere)
            {
                // It may have got half-way.
                await record.DisposeAsync();
            }
        }
    }

    private async Task<Result> AddAsync(Challenge challenge, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var added = await RunAsync("add", challenge, either.Token);
        cancellation.ThrowIfCancellationRequested();
        return added;
    }

    private async Task RemoveAsync(Challenge challenge, CancellationToken givenUp)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var hurry = givenUp.Register(() => patience.CancelAfter(LastPatience));
        if ((await RunAsync("remove", challenge, patience.Token)).Failed(out var error))
        {
            logger.RecordLeft(error);
        }
    }

    private async Task<Result> RunAsync(string verb, Challenge challenge, CancellationToken patience)
    {
        var began = time.GetTimestamp();
        try
        {
            return (await tools.RunAsync(new ToolCommand(program, verb, challenge.RecordName, challenge.RecordValue), null, patience)).Failed(out var error, out var ran) ? error
                : ran.Ok ? Result.Success
                : new WispError(ErrorCode.OperationFailed, $"'{program} {verb} {challenge.RecordName}' failed: {ran.LastLine}", NextStep);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new WispError(ErrorCode.TimedOut, $"'{program} {verb} {challenge.RecordName}' did not end within {time.GetElapsedTime(began).TotalSeconds:0} seconds.", NextStep);
        }
    }

    private sealed class Record(DnsHookResponder owner, Challenge challenge, CancellationToken givenUp) : IAsyncDisposable
    {
        // Whoever gives up leaves no record behind, if it can be helped.
        public async ValueTask DisposeAsync() => await owner.RemoveAsync(challenge, givenUp);
    }
}
