using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Wisp.Gateway.Forwarding;

namespace Wisp.Gateway.Tests;

/// <summary>What is written to the log does not grow with the requests.</summary>
public sealed class RefusalsTests
{
    private static readonly WispError Reason = new(ErrorCode.OperationFailed, "no");

    [Fact]
    public void A_service_is_mentioned_once_in_a_while()
    {
        var time = new FakeTimeProvider();
        var log = new CountingLog();
        var refusals = new Refusals(time, log);
        for (var i = 0; i < 100; i++)
        {
            refusals.Report("web", Reason);
        }

        Assert.Equal(1, log.Count);
        refusals.Report("other", Reason);
        Assert.Equal(2, log.Count);
        time.Advance(Refusals.Interval);
        refusals.Report("web", Reason);
        refusals.Report("web", Reason);
        Assert.Equal(3, log.Count);
    }

    private sealed class CountingLog : ILogger
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
