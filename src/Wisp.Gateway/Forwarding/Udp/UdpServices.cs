using Microsoft.Extensions.Logging;
using Wisp.Gateway.Listening;
using Wisp.Gateway.Observing;

namespace Wisp.Gateway.Forwarding.Udp;

/// <summary>The UDP ports of all services. Nobody shares one: datagrams say nothing of whom they are for. Changed by one at a time.</summary>
internal sealed class UdpServices(ListenSockets sockets, UdpLimits limits, TimeProvider time, Refusals refusals, Observer observer, ILogger logger) : IAsyncDisposable
{
    // What comes meanwhile waits with the kernel, and somebody waits for its answer.
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

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

        if (UdpPort.Open(sockets, route.Listen, time, logger).Failed(out var error, out var port))
        {
            return error;
        }

        _services[route.Id] = new UdpService(port, route, limits, _budget, time, refusals, observer, admitted);
        await CloseAsync(before);
        return Result.Success;
    }

    /// <summary>Takes a route away, if it is one of these; its port closes, and its sessions end.</summary>
    public async ValueTask UnpublishAsync(Guid route)
    {
        if (_services.Remove(route, out var service))
        {
            await CloseAsync(service);
        }
    }

    /// <summary>Hears no more, for who is about to be followed by another, who will hear what comes from now on. What was heard before has a moment to be answered.</summary>
    public async Task DrainAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.Port.StopHearingAsync();
        }

        var from = time.GetTimestamp();
        while (_services.Values.Any(service => service.IsAwaited(AnswerPatience)) && time.GetElapsedTime(from) < AnswerPatience)
        {
            await Task.Delay(LookInterval, time);
        }
    }

    /// <summary>Ends all sessions. The sockets of the ports stay.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }

        _services.Clear();
    }

    private async Task CloseAsync(UdpService? service)
    {
        if (service is not null)
        {
            await service.DisposeAsync();
            UdpPort.Close(sockets, service.Port.EndPoint);
        }
    }
}
