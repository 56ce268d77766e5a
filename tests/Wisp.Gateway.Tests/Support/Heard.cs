using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Wisp.Gateway.Tests.Support;

/// <summary>What the gateway says of itself.</summary>
internal sealed class Heard : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Said { get; } = [];

    /// <summary>What of it is an error.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public ILogger CreateLogger(string categoryName) => categoryName == "Wisp.Gateway" ? this : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var said = formatter(state, exception);
        Said.Enqueue(said);
        if (logLevel == LogLevel.Error)
        {
            Errors.Enqueue(said);
        }
    }

    public void Dispose()
    {
        // It holds nothing.
    }
}
