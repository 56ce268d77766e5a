namespace Wisp.Platform.Frozen;

/// <summary>A request for a checkpoint as the caller wrote it; null means "not given".</summary>
public sealed record CreateCheckpoint
{
    /// <summary>The instance.</summary>
    public required ResourceRef From { get; init; }

    /// <summary>Its name; generated from the instance's when null.</summary>
    public string? Name { get; init; }

    /// <summary>How long to wait until it is done; zero does not, null is the platform's maximum.</summary>
    public TimeSpan? Wait { get; init; } = TimeSpan.Zero;

    /// <summary>Labels; at most 16.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>How long after its last use it is deleted; null never.</summary>
    public TimeSpan? Autokill { get; init; }
}
