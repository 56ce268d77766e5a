using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// What is sent to a client that speaks no HTTP. It goes past the connection's pipe: to complete that would end both directions, and a client
/// that has been told all may still be talking.
/// </summary>
/// <param name="stream">Where it is written.</param>
/// <param name="end">Says that this was all.</param>
internal sealed class ClientStream(Stream stream, Func<Task> end) : IAsyncDisposable
{
    public Stream Stream => stream;

    /// <summary>The stream of a connection, over TLS or not.</summary>
    public static ClientStream Of(ConnectionContext client)
    {
        if (client.Features.Get<ISslStreamFeature>()?.SslStream is { } tls)
        {
            return new ClientStream(tls, tls.ShutdownAsync);
        }

        var socket = client.Features.Get<IConnectionSocketFeature>()!.Socket;
        return new ClientStream(new NetworkStream(socket), () =>
        {
            socket.Shutdown(SocketShutdown.Send);
            return Task.CompletedTask;
        });
    }

    /// <summary>Ends this direction.</summary>
    public Task EndAsync() => end();

    // A stream over TLS is the connection's own.
    public ValueTask DisposeAsync() => stream is SslStream ? ValueTask.CompletedTask : stream.DisposeAsync();
}
