using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Wisp.Gateway.Listening;

/// <summary>The server's listeners, in place of sockets of its own.</summary>
internal sealed class DynamicListeners : IConnectionListenerFactory
{
    private readonly DynamicListener[] _listeners = [.. Enum.GetValues<ListenerKind>().Select(kind => new DynamicListener(EndPointOf(kind)))];

    /// <summary>The listener of a kind.</summary>
    public DynamicListener this[ListenerKind kind] => _listeners[(int)kind];

    /// <summary>The name under which the server knows it; nothing listens there.</summary>
    public static IPEndPoint EndPointOf(ListenerKind kind) => new(IPAddress.Loopback, 1 + (int)kind);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(_listeners.Single(listener => listener.EndPoint.Equals(endpoint)));
}
