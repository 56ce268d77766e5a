using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;
using Wisp.Gateway.Routing;

namespace Wisp.Gateway.Forwarding;

/// <summary>One TCP connection through the gateway, byte for byte, each direction ending by itself.</summary>
internal sealed class TcpRouteHandler(Func<RoutingSnapshot> snapshot, TimeProvider time, ConnectionLimit limit, Refusals refusals, Observer observer, ILogger logger)
{
    public async Task HandleAsync(ConnectionContext connection)
    {
        var asked = connection.Features.Get<ITlsHandshakeFeature>()?.HostName ?? "";
        var route = connection.LocalEndPoint is IPEndPoint local ? snapshot().Find(local, asked) : null;
        using var passage = observer.Begin(connection, route, asked);
        if (route is null)
        {
            passage.Fail(GatewayError.NoService);
            connection.Abort();
            return;
        }

        if (limit.TryTake(route) is not { } places)
        {
            passage.Fail(GatewayError.Connections);
            connection.Abort();
            return;
        }

        try
        {
            await HandleAsync(connection, route, passage);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ConnectionAbortedException)
        {
            logger.Broken(route.ServiceName, exception.Message);
            connection.Abort();
        }
        finally
        {
            places.Give();
        }
    }

    private async Task HandleAsync(ConnectionContext connection, Route route, Passage passage)
    {
        List<RouteTarget>? tried = null;
        (WispError Reason, GatewayError Error)? failure = null;
        // Whoever has waited as long as it may does not wait for another.
        while (failure is not { Error: GatewayError.WakeTimeout } && TargetSelector.Enter(route, tried) is var entry)
        {
            if (entry.Target is not { } target)
            {
                failure ??= (GatewayPages.NoTarget(route, entry), GatewayErrors.OfNoTarget(entry));
                break;
            }

            passage.To(target.Backend);
            try
            {
                failure = await TryAsync(connection, route, target, entry.IsAwake, passage);
            }
            finally
            {
                target.Backend.Leave();
            }

            if (failure is null)
            {
                return;
            }

            (tried ??= []).Add(target);
        }

        var (reason, error) = failure!.Value;
        passage.Fail(error);
        refusals.Report(route.ServiceName, reason);
        connection.Abort(new ConnectionAbortedException(reason.Message));
    }

    // Once the guest has accepted, there is no other that could go on.
    private async Task<(WispError Reason, GatewayError Error)?> TryAsync(ConnectionContext client, Route route, RouteTarget target, bool awake, Passage passage)
    {
        if (!awake)
        {
            if ((await HoldAsync(client, target.Backend, route)).Failed(out var error, out var timing))
            {
                return (error, GatewayErrors.OfWake(error));
            }

            passage.Waited(timing);
        }

        // A machine that died sends no reset; its connections would wait for ever.
        await using var ended = target.Backend.MachineEnded.Register(client.Abort);
        Socket guest;
        try
        {
            guest = await GuestSocket.ConnectAsync(new IPEndPoint(target.Backend.Address, target.Port), CancellationToken.None);
        }
        catch (SocketException exception)
        {
            refusals.TakeOut(route, target);
            return (GatewayPages.NotAccepted(route, target, exception), GatewayError.Unreachable);
        }

        using (guest)
        {
            if (target.Backend.ParksSilent)
            {
                // Nobody must ask whether a machine that sleeps is still there.
                Liveness.Unwatch(guest);
                await using var toClient = ClientStream.Of(client);
                await new ParkedRelay(target.Backend, route, passage, time).RunAsync(client.Transport.Input, toClient, guest);
            }
            else
            {
                await RelayAsync(client, guest, passage);
            }
        }

        return null;
    }

    private async Task<Result<WakeTiming>> HoldAsync(ConnectionContext client, Backend backend, Route route)
    {
        using var gone = new CancellationTokenSource();
        await using var watch = client.ConnectionClosed.Register(() =>
        {
            if (IsReset(client.Transport.Input))
            {
                gone.Cancel();
            }
        });
        return await WakeGate.PassAsync(backend, route, time, gone.Token);
    }

    // The end of what a client sends (FIN) and its going away (RST) look alike from outside; who has only said all still waits
    // for the answer.
    private static bool IsReset(PipeReader input)
    {
        try
        {
            if (input.TryRead(out var read))
            {
                input.AdvanceTo(read.Buffer.Start);
            }

            return false;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return true;
        }
    }

    private static async Task RelayAsync(ConnectionContext client, Socket guest, Passage passage)
    {
        await using var fromGuest = passage.Count(new NetworkStream(guest));
        await using var toClient = ClientStream.Of(client);
        await Directions.BothAsync(CopyAsync(client.Transport.Input, fromGuest, guest), CopyAsync(fromGuest, toClient));
    }

    private static async Task CopyAsync(PipeReader from, Stream to, Socket end)
    {
        await from.CopyToAsync(to);
        end.Shutdown(SocketShutdown.Send);
    }

    private static async Task CopyAsync(Stream from, ClientStream to)
    {
        await from.CopyToAsync(to.Stream);
        await to.EndAsync();
    }
}
