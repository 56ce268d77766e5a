using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Wisp.Gateway.Listening;

/// <summary>
/// One of the few listeners that the server knows, one for each kind of conversation. Connections reach it from any number of ports that are
/// opened and closed while the server runs; an endpoint of its own per port would cost a restart of the server each.
/// </summary>
internal sealed class DynamicListener(EndPoint endpoint) : IConnectionListener
{
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateBounded<ConnectionContext>(
        new BoundedChannelOptions(512) { SingleReader = true });

    public EndPoint EndPoint => endpoint;

    /// <summary>Hands a connection to the server. One that was just accepted when that is cancelled gets there if there is room; else it ends.</summary>
    public async ValueTask OfferAsync(ConnectionContext connection, CancellationToken cancellation)
    {
        try
        {
            if (!_accepted.Writer.TryWrite(connection))
            {
                await _accepted.Writer.WriteAsync(connection, cancellation);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            connection.Abort();
            await connection.DisposeAsync();
        }
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _accepted.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
