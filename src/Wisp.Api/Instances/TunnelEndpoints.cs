using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wisp.Api.Http;
using Wisp.Api.Reading;
using Wisp.Contracts;
using Wisp.Contracts.Tunnels;
using Wisp.Gateway;
using InstanceTransition = Wisp.Contracts.Instances.InstanceTransition;

namespace Wisp.Api.Instances;

/// <summary>Connections to ports of instances, over WebSockets.</summary>
internal sealed class TunnelEndpoints(TokenAuthentication authentication, TimeProvider time)
{
    private const int MaxPort = 65_535;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    public void Map(IEndpointRouteBuilder routes) => routes.Serve(AnswerAsync, "tunnelInstanceByUuid");

    private async Task AnswerAsync(HttpContext context)
    {
        var target = (await Target.ReadAsync(context)).Single();
        target.Body?.End();
        var error = target.Wrong;
        if (target.Reference is not { } reference || context.Rooms().Instances.Find(reference).Failed(out error, out _))
        {
            await RefuseAsync(context, target, error!);
            return;
        }

        if (Query.Integers(context, "port") is not [>= 1 and <= MaxPort and var port])
        {
            throw RequestFailure.Invalid($"'port' must be a number from 1 to {MaxPort}.");
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw RequestFailure.Invalid("A tunnel is a WebSocket.", "Ask for one: 'Upgrade: websocket', or wisp tunnel.");
        }

        // Before the upgrade, so that what goes wrong is still an answer.
        if ((await context.Rooms().Instances.ConnectAsync(reference, (int)port, context.RequestAborted)).Failed(out error, out var tunnel))
        {
            await RefuseAsync(context, target, error);
            return;
        }

        using (tunnel)
        {
            if (context.Features.Get<IConnectionSocketFeature>() is { Socket: var socket })
            {
                GuestTunnel.Watch(socket);
            }

            using var web = await context.WebSockets.AcceptWebSocketAsync();
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, tunnel.MachineEnded);
            await using var watch = time.CreateTimer(_ => EndUnlessAllowed(context, ended), null, LookInterval, LookInterval);
            await TunnelRelay.RunAsync(web, tunnel.Socket, ended.Token);
        }
    }

    // A token that is revoked or expires carries nothing any more.
    private void EndUnlessAllowed(HttpContext context, CancellationTokenSource ended)
    {
        if (!authentication.Check(context.Request.Headers.Authorization).IsSuccess)
        {
            try
            {
                ended.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }
    }

    private static Task RefuseAsync(HttpContext context, Target target, WispError error) => Answers.ItemsAsync(
        context,
        [
            new InstanceTransition
            {
                Status = ResponseStatus.Error, Error = (int)error.Code, Message = Answers.Text(error), Uuid = target.Reference?.Uuid?.ToString(), Name = target.Reference?.Name,
            },
        ],
        list => new TransitionsData(list), WireJson.Default.EnvelopeTransitionsData);
}
