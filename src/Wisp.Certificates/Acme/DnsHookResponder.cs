using Microsoft.Extensions.Logging;
using Wisp.Tools;

namespace Wisp.Certificates.Acme;

/// <summary>DNS-01 (RFC 8555 §8.4): a program of the operator's puts the record where the domain's servers find it.</summary>
/// <param name="program">Called with <c>add</c> or <c>remove</c>, the record's name and its value; returns once servers answer so.</param>
/// <param name="tools">Runs it.</param>
/// <param name="logger">Hears of records that could not be removed.</param>
public sealed class DnsHookResponder(string program, IToolRunner tools, ILogger logger) : IChallengeResponder
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public string Type => "dns-01";

    /// <inheritdoc/>
    public string NextStep => $"'{program} add NAME VALUE' must return once the domain's servers answer with the record.";

    /// <inheritdoc/>
    public async Task<Result<IAsyncDisposable>> PresentAsync(Challenge challenge, CancellationToken cancellation)
    {
        var record = new Record(this, challenge);
        var isThere = false;
        try
        {
            var added = await RunAsync("add", challenge, cancellation);
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

    private async Task<Result> RunAsync(string verb, Challenge challenge, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return (await tools.RunAsync(new ToolCommand(program, verb, challenge.RecordName, challenge.RecordValue), null, patience.Token)).Failed(out var error, out var ran) ? error
                : ran.Ok ? Result.Success
                : new WispError(ErrorCode.OperationFailed, $"'{program} {verb} {challenge.RecordName}' failed: {ran.LastLine}", NextStep);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WispError(ErrorCode.TimedOut, $"'{program} {verb} {challenge.RecordName}' did not end within {Patience.TotalMinutes:0} minutes.", NextStep);
        }
    }

    private sealed class Record(DnsHookResponder owner, Challenge challenge) : IAsyncDisposable
    {
        // Whoever gives up meanwhile leaves no record behind.
        public async ValueTask DisposeAsync()
        {
            if ((await owner.RunAsync("remove", challenge, CancellationToken.None)).Failed(out var error))
            {
                owner.Log(error);
            }
        }
    }

    private void Log(WispError error) => logger.RecordLeft(error);
}
