using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Tests.Support;

namespace Wisp.Gateway.Tests;

/// <summary>A port that meets with connections of the worst kind.</summary>
public sealed class PortTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task It_goes_on_accepting_whatever_breaks_with_one_connection_and_the_log_says_so()
    {
        using var heard = new Heard();
        var logger = heard.CreateLogger("Wisp.Gateway");
        var listener = new Connections();
        var limit = new ConnectionLimit(1, new ServiceTraffic(), TimeProvider.System, logger);
        var handled = Channel.CreateUnbounded<ConnectionContext>();
        var mishandled = new DefaultConnectionContext("mishandled");
        var opened = await Port.OpenAsync(listener, Loopback.Next(), ListenerKind.Tcp, Task.CompletedTask, limit, HandleAsync, logger, Cancel);
        Assert.False(opened.Failed(out _, out var port));
        await using var open = port;

        listener.Come(new DefaultConnectionContext("first"));
        var first = await handled.Reader.ReadAsync(Cancel);
        listener.Come(new Breaking());
        await Eventually.TrueAsync(() => heard.Errors.Count == 1);
        await first.DisposeAsync();
        listener.Come(mishandled);
        await Eventually.TrueAsync(() => heard.Errors.Count == 2);
        listener.Come(new DefaultConnectionContext("last"));

        Assert.Equal("last", (await handled.Reader.ReadAsync(Cancel)).ConnectionId);
        Assert.All(heard.Errors, said => Assert.Equal($"A connection to {port!.EndPoint} could be neither let in nor refused; others are", said));

        async ValueTask HandleAsync(ConnectionContext connection, CancellationToken cancellation)
        {
            if (connection.ConnectionId == mishandled.ConnectionId)
            {
                await connection.DisposeAsync();
                throw new OperationCanceledException("Of something else.");
            }

            await handled.Writer.WriteAsync(connection, cancellation);
        }
    }

    private sealed class Breaking : DefaultConnectionContext
    {
        public override ValueTask DisposeAsync() => throw new IOException("It cannot be closed.");
    }

    private sealed class Connections : IConnectionListenerFactory, IConnectionListener
    {
        private readonly Channel<ConnectionContext> _coming = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint { get; } = Loopback.Next();

        public void Come(ConnectionContext connection) => Assert.True(_coming.Writer.TryWrite(connection));

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => await _coming.Reader.ReadAsync(cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
