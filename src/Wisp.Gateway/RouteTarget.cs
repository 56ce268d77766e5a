namespace Wisp.Gateway;

/// <summary>A backend at one of its ports.</summary>
/// <param name="Backend">The instance as the data path sees it.</param>
/// <param name="Port">The port inside the guest.</param>
public sealed record RouteTarget(Backend Backend, int Port)
{
    /// <summary>The base URL, made once and not on every request.</summary>
    internal string Prefix { get; } = $"http://{Backend.Address}:{Port}";

    /// <summary>Whether it accepts connections there.</summary>
    internal Reach Reach { get; } = Backend.Reach(Port);
}
