namespace Wisp.Contracts;

/// <summary>What an item of a list can say of its own fate.</summary>
public abstract record Item
{
    /// <summary><c>success</c> or <c>error</c>.</summary>
    public string? Status { get; init; }
    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }
    /// <summary>Its code (platform API, "Item error codes").</summary>
    public int? Error { get; init; }
    /// <summary>The resource's uuid.</summary>
    public string? Uuid { get; init; }
    /// <summary>The resource's name.</summary>
    public string? Name { get; init; }
}
