using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wisp.Gateway.Forwarding;

/// <summary>
/// What was refused, for the log: a service's first, then one in <see cref="Interval"/>. Else clients and guests could fill the host's
/// disk; the client is told each time.
/// </summary>
internal sealed class Refusals(TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _said = new(StringComparer.Ordinal);

    /// <summary>One that did not accept is asked no more until it does, where there are others.</summary>
    public void TakeOut(Route route, RouteTarget target)
    {
        if (route.Targets.Count > 1 && target.Reach.TakeOut())
        {
            logger.TakenOut(route.ServiceName, target.Backend.Name, target.Port);
        }
    }

    public void Report(string service, WispError reason)
    {
        var now = time.GetTimestamp();
        // Of many at once, one replaces the old time.
        if (_said.TryGetValue(service, out var before)
            ? time.GetElapsedTime(before, now) >= Interval && _said.TryUpdate(service, now, before)
            : _said.TryAdd(service, now))
        {
            logger.Refused(service, reason);
        }
    }
}
