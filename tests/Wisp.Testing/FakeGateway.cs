using System.Collections.Concurrent;
using System.Net;
using Wisp.Gateway;

namespace Wisp.Testing;

/// <summary>A gateway that remembers its routes.</summary>
public sealed class FakeGateway : IGateway
{
    public ConcurrentDictionary<Guid, Route> Routes { get; } = new();

    public int? TakenPort { get; set; }

    public GatewayTraffic Traffic { get; set; } = new(0, 0, 0, 0);

    public Task<Result> PublishAsync(Route route, CancellationToken cancellation)
    {
        if (route.Listen.Port == TakenPort)
        {
            return Task.FromResult<Result>(new WispError(ErrorCode.CannotAddService, $"Port {TakenPort} is taken."));
        }

        Routes[route.Id] = route;
        return Task.FromResult(Result.Success);
    }

    public Task UnpublishAsync(Guid routeId)
    {
        Routes.TryRemove(routeId, out _);
        return Task.CompletedTask;
    }

    public Task<Result<IAsyncDisposable>> HoldHttpAsync(IPEndPoint listen, CancellationToken cancellation) =>
        Task.FromResult<Result<IAsyncDisposable>>(new WispError(ErrorCode.NotSupported, "Nobody is validated here."));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
