using System.Collections.Concurrent;
using Wisp.Gateway;

namespace Wisp.Testing;

/// <summary>A gateway that remembers its routes.</summary>
public sealed class FakeGateway : IGateway
{
    public ConcurrentDictionary<Guid, Route> Routes { get; } = new();

    public int? TakenPort { get; set; }

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

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
