namespace Wisp.Platform.Autoscale;

/// <summary>What was done before.</summary>
/// <param name="GrewAt">When instances were last added.</param>
/// <param name="ShrankAt">When instances were last taken away.</param>
internal readonly record struct ScaleHistory(DateTimeOffset? GrewAt, DateTimeOffset? ShrankAt);
