namespace Wisp.Gateway.Routing;

/// <summary>The outcome of asking a route for a target.</summary>
/// <param name="Target">The target, with the request counted in; null when there is none.</param>
/// <param name="IsAwake">True when it can be forwarded to at once.</param>
/// <param name="IsFull">True when there is none because every one that there is has as much as it may have.</param>
internal readonly record struct Entry(RouteTarget? Target, bool IsAwake, bool IsFull);
