using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Wisp.Certificates.Acme;
using Wisp.Tools;

namespace Wisp.Certificates.Tests.Acme;

/// <summary>Records that a program puts into the DNS and takes out again.</summary>
public sealed class DnsHookResponderTests
{
    private static readonly Challenge Challenge = new("shop.example.com", "token", "token.print");
    private readonly FakeTimeProvider _time = new();
    private readonly Hook _hook = new();
    private readonly HeardErrors _log = new();

    [Fact]
    public async Task Once_the_order_is_given_up_the_removal_gets_ten_seconds_and_what_is_left_is_told()
    {
        _hook.Hangs = "add remove";
        using var end = new CancellationTokenSource();
        var presented = Responder().PresentAsync(Challenge, end.Token);
        Assert.Equal("add", await _hook.NextAsync());
        await end.CancelAsync();
        Assert.Equal("remove", await _hook.NextAsync());
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(presented.IsCompleted);
        Assert.Empty(_log.Lines);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => presented);
        Assert.Contains("'hook remove _acme-challenge.shop.example.com' did not end within 10 seconds.", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removal_that_is_under_way_then_gets_no_more_either()
    {
        _hook.Hangs = "remove";
        using var end = new CancellationTokenSource();
        var record = (await Responder().PresentAsync(Challenge, end.Token)).Value;
        Assert.Equal("add", await _hook.NextAsync());
        var removed = record.DisposeAsync().AsTask();
        Assert.Equal("remove", await _hook.NextAsync());
        // While nobody is in a hurry it may take its time.
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(removed.IsCompleted);
        await end.CancelAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        await removed;
        Assert.Single(_log.Lines);
    }

    private DnsHookResponder Responder() => new("hook", _hook, _time, _log);

    private sealed class Hook : IToolRunner
    {
        private readonly Channel<string> _called = Channel.CreateUnbounded<string>();

        /// <summary>What it never gets done.</summary>
        public string Hangs { get; set; } = "";

        public ValueTask<string> NextAsync() => _called.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public async Task<Result<ToolOutput>> RunAsync(ToolCommand command, Action<ToolLine>? onLine = null, CancellationToken cancellation = default)
        {
            _called.Writer.TryWrite(command.Arguments[0]);
            if (Hangs.Contains(command.Arguments[0], StringComparison.Ordinal))
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return new ToolOutput(0, "", "");
        }
    }

    private sealed class HeardErrors : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
