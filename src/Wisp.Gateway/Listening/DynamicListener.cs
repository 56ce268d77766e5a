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

    /// <summary>Hands a connection to the server.</summary>
    public ValueTask OfferAsync(ConnectionContext connection, CancellationToken cancellation) => _accepted.Writer.WriteAsync(connection, cancellation);

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
