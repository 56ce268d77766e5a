using System.Collections.Immutable;
using System.Net;

namespace Wisp.Gateway.Routing;

/// <summary>
/// All routes at one moment. Immutable: a change makes a new one that shares all else with it, and a reader has whichever it read. A change
/// and a look take the same short time with twenty thousand domains as with one.
/// </summary>
internal sealed class RoutingSnapshot
{
    private readonly ImmutableDictionary<Guid, Route> _routes;
    private readonly ImmutableDictionary<IPEndPoint, Listener> _listeners;

    private RoutingSnapshot(ImmutableDictionary<Guid, Route> routes, ImmutableDictionary<IPEndPoint, Listener> listeners) =>
        (_routes, _listeners) = (routes, listeners);

    public static RoutingSnapshot Empty { get; } = new(ImmutableDictionary<Guid, Route>.Empty, ImmutableDictionary<IPEndPoint, Listener>.Empty);

    public bool Contains(Guid route) => _routes.ContainsKey(route);

    /// <summary>Where a route listens, or null when there is no such route.</summary>
    public IPEndPoint? EndPointOf(Guid route) => _routes.GetValueOrDefault(route)?.Listen;

    /// <summary>Whether any route listens there.</summary>
    public bool Uses(IPEndPoint endpoint) => _listeners.ContainsKey(endpoint);

    /// <summary>The route that has a listener to itself, or answers there to a host name; null when there is none.</summary>
    public Route? Find(IPEndPoint local, string host) =>
        _listeners.TryGetValue(local, out var listener)
        // A connection's local address is a definite one, also where the port listens on all of them.
        || _listeners.TryGetValue(new IPEndPoint(IPAddress.Any, local.Port), out listener)
        || _listeners.TryGetValue(new IPEndPoint(IPAddress.IPv6Any, local.Port), out listener)
            ? listener.Find(host)
            : null;

    /// <summary>
    /// A route that does not go together with this one: two do on one port only if they are of one kind and each is told by names of its own.
    /// </summary>
    public Route? Conflict(Route route)
    {
        if (!_listeners.TryGetValue(route.Listen, out var listener))
        {
            return null;
        }

        // Those that share a port are alike, so any one of them tells.
        return listener.AnyBut(route.Id) is { } other && (other.Domains.Count == 0 || route.Domains.Count == 0 || other.Kind != route.Kind)
            ? other
            : route.Domains.Select(listener.ByHost).FirstOrDefault(named => named is not null && named.Id != route.Id);
    }

    /// <summary>The snapshot with a route, in place of the one with its id.</summary>
    public RoutingSnapshot With(Route route)
    {
        var others = Without(route.Id);
        var listener = others._listeners.GetValueOrDefault(route.Listen) ?? Listener.Empty;
        return new RoutingSnapshot(others._routes.SetItem(route.Id, route), others._listeners.SetItem(route.Listen, listener.With(route)));
    }

    /// <summary>The snapshot without a route.</summary>
    public RoutingSnapshot Without(Guid id)
    {
        if (!_routes.TryGetValue(id, out var route))
        {
            return this;
        }

        var listener = _listeners[route.Listen].Without(route);
        return new RoutingSnapshot(_routes.Remove(id), listener.IsEmpty ? _listeners.Remove(route.Listen) : _listeners.SetItem(route.Listen, listener));
    }

    private sealed class Listener
    {
        public static readonly Listener Empty = new(null, ImmutableDictionary.Create<string, Route>(StringComparer.OrdinalIgnoreCase), ImmutableDictionary<Guid, Route>.Empty);

        private readonly Route? _exclusive;
        private readonly ImmutableDictionary<string, Route> _byHost;
        private readonly ImmutableDictionary<Guid, Route> _all;

        private Listener(Route? exclusive, ImmutableDictionary<string, Route> byHost, ImmutableDictionary<Guid, Route> all) =>
            (_exclusive, _byHost, _all) = (exclusive, byHost, all);

        public bool IsEmpty => _all.IsEmpty;

        public Route? Find(string host) => _exclusive ?? ByHost(host);

        public Route? ByHost(string host) => _byHost.GetValueOrDefault(host);

        public Route? AnyBut(Guid id) => _all.Values.FirstOrDefault(route => route.Id != id);

        public Listener With(Route route) => new(
            route.Domains.Count == 0 ? route : _exclusive,
            _byHost.SetItems(route.Domains.Select(domain => KeyValuePair.Create(domain, route))),
            _all.SetItem(route.Id, route));

        public Listener Without(Route route) => new(
            _exclusive?.Id == route.Id ? null : _exclusive,
            _byHost.RemoveRange(route.Domains),
            _all.Remove(route.Id));
    }
}
