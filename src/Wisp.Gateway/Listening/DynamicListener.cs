using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Wisp.Gateway.Listening;

/// <summary>
/// The one listener that the HTTP server knows. Connections reach it from any number of ports that are opened and closed while the
/// server runs; a server of its own per port would cost a thread and a heartbeat each.
/// </summary>
internal sealed class DynamicListener : IConnectionListener, IConnectionListenerFactory
{
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateBounded<ConnectionContext>(
        new BoundedChannelOptions(512) { SingleReader = true });

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new(this);
    }

    /// <summary>Hands a connection to the HTTP server.</summary>
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
