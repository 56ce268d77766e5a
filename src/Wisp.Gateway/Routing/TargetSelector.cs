namespace Wisp.Gateway.Routing;

/// <summary>Which of a route's backends takes a request: awake before asleep, then the one with the least in flight. Pure.</summary>
internal static class TargetSelector
{
    /// <summary>The target, or null when none can take traffic.</summary>
    public static RouteTarget? Select(IReadOnlyList<RouteTarget> targets)
    {
        // The usual case, without a loop.
        if (targets.Count == 1)
        {
            return targets[0].Backend.State == BackendState.Gone ? null : targets[0];
        }

        RouteTarget? best = null;
        var bestRank = int.MaxValue;
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[i];
            var rank = target.Backend.State switch
            {
                BackendState.Awake => 0,
                BackendState.FallingAsleep => 1,
                BackendState.Asleep => 2,
                _ => 3,
            };
            if (rank < 3 && (rank < bestRank || (rank == bestRank && target.Backend.InFlight < best!.Backend.InFlight)))
            {
                (best, bestRank) = (target, rank);
            }
        }

        return best;
    }
}
