namespace Wisp.Gateway.Routing;

/// <summary>
/// Which of a route's backends takes a request: one that is awake and below the soft limit, the least loaded first; else one that sleeps is
/// woken; when all have as much as they should have, the least loaded that is awake, up to the hard limit.
/// </summary>
internal static class TargetSelector
{
    /// <summary>Chooses and counts the request in, without a lock: who was too slow for a place chooses anew. Pair it with <see cref="Backend.Leave"/>.</summary>
    /// <param name="route">The route.</param>
    /// <param name="tried">Targets that are not asked any more.</param>
    public static Entry Enter(Route route, IReadOnlyList<RouteTarget>? tried = null)
    {
        while (true)
        {
            var place = Select(route, tried, out var target);
            if (place.IsCrowded)
            {
                route.Demand?.NoneFree();
            }

            if (!place.IsOpen)
            {
                return new Entry(null, IsAwake: false, IsFull: place == Place.Full);
            }

            var backend = target!.Backend;
            if (!backend.TryEnter(place.Limit))
            {
                continue;
            }

            var state = backend.State;
            if (state != BackendState.Gone)
            {
                return new Entry(target, state == BackendState.Awake, IsFull: false);
            }

            // It is being stopped; what came between the look and the count is not among what it still finishes.
            backend.Leave();
        }
    }

    /// <summary>The target that comes first, and its place; one that is not open when there is none.</summary>
    public static Place Select(Route route, IReadOnlyList<RouteTarget>? tried, out RouteTarget? target)
    {
        var targets = route.Targets;
        var best = Place.Gone;
        target = null;
        for (var i = 0; i < targets.Count; i++)
        {
            var (backend, reach) = (targets[i].Backend, targets[i].Reach);
            var place = Place.Of(backend.State, backend.InFlight, reach.IsOut, route.SoftLimit, route.HardLimit);
            if (place.IsBefore(best) && tried?.Contains(targets[i]) is not true)
            {
                (best, target) = (place, place.IsOpen ? targets[i] : null);
            }
        }

        return best;
    }
}
