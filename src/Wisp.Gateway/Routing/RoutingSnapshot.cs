using System.Collections.Frozen;
using System.Net;

namespace Wisp.Gateway.Routing;

/// <summary>All routes at one moment. Immutable: a change makes a new one, and a reader has whichever it read.</summary>
internal sealed class RoutingSnapshot
{
    private readonly FrozenDictionary<IPEndPoint, Listener> _listeners;

    public RoutingSnapshot(IReadOnlyCollection<Route> routes)
    {
        Routes = routes.ToFrozenDictionary(route => route.Id);
        _listeners = routes.GroupBy(route => route.Listen).ToFrozenDictionary(group => group.Key, group => new Listener([.. group]));
    }

    public static RoutingSnapshot Empty { get; } = new([]);

    public FrozenDictionary<Guid, Route> Routes { get; }

    /// <summary>The route that has a listener to itself, or answers there to a host name; null when there is none.</summary>
    public Route? Find(IPEndPoint local, string host) =>
        _listeners.TryGetValue(local, out var listener)
        // A connection's local address is a definite one, also where the port listens on all of them.
        || _listeners.TryGetValue(new IPEndPoint(IPAddress.Any, local.Port), out listener)
        || _listeners.TryGetValue(new IPEndPoint(IPAddress.IPv6Any, local.Port), out listener)
            ? listener.Find(host)
            : null;

    private sealed class Listener(Route[] routes)
    {
        private readonly Route? _exclusive = routes.FirstOrDefault(route => route.Domains.Count == 0);
        private readonly FrozenDictionary<string, Route> _byHost = routes
            .SelectMany(route => route.Domains.Select(domain => (domain, route)))
            .DistinctBy(pair => pair.domain, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(pair => pair.domain, pair => pair.route, StringComparer.OrdinalIgnoreCase);

        public Route? Find(string host) => _exclusive ?? _byHost.GetValueOrDefault(host);
    }
}
