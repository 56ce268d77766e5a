using Microsoft.Extensions.Logging;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>The UDP ports of all services. Nobody shares one: datagrams say nothing of whom they are for. Changed by one at a time.</summary>
internal sealed class UdpServices(UdpLimits limits, TimeProvider time, Refusals refusals, Observer observer, ILogger logger) : IAsyncDisposable
{
    private readonly Dictionary<Guid, UdpService> _services = [];
    private readonly UdpBudget _budget = new(limits.SessionsOfAll);

    /// <summary>The service of a route, or null.</summary>
    public UdpService? Find(Guid route) => _services.GetValueOrDefault(route);

    /// <summary>Opens the route's port and makes the route live, or puts it in the place of the one with its id; sessions stay.</summary>
    /// <param name="route">The route.</param>
    /// <param name="admitted">What is sent to a port that is opened waits for this.</param>
    public async Task<Result> PublishAsync(Route route, Task admitted)
    {
        if (_services.Values.FirstOrDefault(other => other.Route.Id != route.Id && other.Port.EndPoint.Equals(route.Listen)) is { } other)
        {
            return PortHolder.Refusal(route, other.Route);
        }

        var before = _services.GetValueOrDefault(route.Id);
        if (before?.Port.EndPoint.Equals(route.Listen) is true)
        {
            before.Route = route;
            return Result.Success;
        }

        if (UdpPort.Open(route.Listen, time, logger).Failed(out var error, out var port))
        {
            return error;
        }

        _services[route.Id] = new UdpService(port, route, limits, _budget, time, refusals, observer, admitted);
        await (before?.DisposeAsync() ?? ValueTask.CompletedTask);
        return Result.Success;
    }

    /// <summary>Takes a route away, if it is one of these; its port closes, and its sessions end.</summary>
    public ValueTask UnpublishAsync(Guid route) => _services.Remove(route, out var service) ? service.DisposeAsync() : ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }

        _services.Clear();
    }
}
