using System.Collections.Concurrent;
using Wisp.Certificates.Acme;
using Wisp.Testing;

namespace Wisp.Platform.Tests.Certificates;

/// <summary>An authority that issues when it is told to, and notes what it was asked for.</summary>
internal sealed class FakeIssuer(TimeProvider time) : ICertificateIssuer
{
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Hosts that are refused, and how long it wants not to be asked.</summary>
    public ConcurrentDictionary<string, TimeSpan?> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Orders wait for it where there is one.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>How old what it issues is already, as of a clock that goes after the node's.</summary>
    public TimeSpan Age { get; set; }

    public int UnderWay;
    public int MostUnderWay;

    public async Task<IssueOutcome> IssueAsync(string host, CancellationToken cancellation)
    {
        Asked.Enqueue(host);
        var now = Interlocked.Increment(ref UnderWay);
        InterlockedMax(now);
        try
        {
            if (Gate is { } gate)
            {
                await gate.Task.WaitAsync(cancellation);
            }
        }
        finally
        {
            Interlocked.Decrement(ref UnderWay);
        }

        if (Refused.TryGetValue(host, out var retryAfter))
        {
            return new IssueOutcome(new WispError(ErrorCode.OperationFailed, $"'{host}' leads nowhere."), retryAfter);
        }

        var made = TestCertificate.Make(time.GetUtcNow() - Age, host);
        return new IssueOutcome(new IssuedCertificate(made.Chain, made.Key));
    }

    private void InterlockedMax(int now)
    {
        for (var most = MostUnderWay; now > most && Interlocked.CompareExchange(ref MostUnderWay, now, most) != most; most = MostUnderWay)
        {
            // Another was counted meanwhile.
        }
    }
}
