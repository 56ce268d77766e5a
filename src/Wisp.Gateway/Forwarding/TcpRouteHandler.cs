using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Wisp.Gateway.Routing;

namespace Wisp.Gateway.Forwarding;

/// <summary>One TCP connection through the gateway, byte for byte, each direction ending by itself.</summary>
internal sealed class TcpRouteHandler(Func<RoutingSnapshot> snapshot, TimeProvider time, ILogger logger)
{
    public async Task HandleAsync(ConnectionContext connection)
    {
        await using (connection)
        {
            var route = connection.LocalEndPoint is IPEndPoint local ? snapshot().Find(local, "") : null;
            if (route is null || TargetSelector.Select(route.Targets) is not { } target)
            {
                connection.Abort();
                return;
            }

            var awake = target.Backend.Enter();
            try
            {
                if (!awake && (await WakeGate.PassAsync(target.Backend, route, time, connection.ConnectionClosed)).Failed(out var error, out _))
                {
                    logger.Refused(route.ServiceName, error);
                    connection.Abort(new ConnectionAbortedException(error.Message));
                    return;
                }

                await RelayAsync(connection, target);
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ConnectionAbortedException)
            {
                logger.Broken(route.ServiceName, exception.Message);
                connection.Abort();
            }
            finally
            {
                target.Backend.Leave();
            }
        }
    }

    private static async Task RelayAsync(ConnectionContext client, RouteTarget target)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target.Backend.Address, target.Port, client.ConnectionClosed);
        await using var guest = new NetworkStream(socket);
        var toGuest = ToGuestAsync(client.Transport.Input, guest, socket);
        var toClient = guest.CopyToAsync(client.Transport.Output);
        // When the guest has said all and the client still talks, the client is heard to its end (half-close), and the reverse.
        var first = await Task.WhenAny(toGuest, toClient);
        await first;
        if (first == toClient)
        {
            await client.Transport.Output.CompleteAsync();
        }

        await Task.WhenAll(toGuest, toClient);
    }

    private static async Task ToGuestAsync(PipeReader input, NetworkStream guest, Socket socket)
    {
        await input.CopyToAsync(guest);
        socket.Shutdown(SocketShutdown.Send);
    }
}
