using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Wisp.Machines.Tests.Support;

/// <summary>A log that keeps what it is told.</summary>
internal sealed class HeardLog : ILogger, ILoggerFactory
{
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Waits for the next line with these words; those before it are passed over.</summary>
    public async Task<string> HearAsync(string words)
    {
        await foreach (var line in _news.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException("The log ended.");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception) + exception;
        Lines.Enqueue(line);
        _news.Writer.TryWrite(line);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
