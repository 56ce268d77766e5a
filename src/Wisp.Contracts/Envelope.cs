namespace Wisp.Contracts;

/// <summary>What every answer is wrapped in (platform API, "Envelope").</summary>
/// <typeparam name="T">Type of the data.</typeparam>
public sealed record Envelope<T>
{
    /// <summary><c>success</c>, <c>error</c> or <c>partial_success</c>.</summary>
    public required string Status { get; init; }
    /// <summary>What went wrong, as a whole.</summary>
    public string? Message { get; init; }
    /// <summary>Exactly one list, or an object.</summary>
    public T? Data { get; init; }
    /// <summary>The HTTP status of a request that failed as a whole.</summary>
    public IReadOnlyList<ResponseError>? Errors { get; init; }
    /// <summary>How long the server took, in microseconds.</summary>
    public long OpTimeUs { get; init; }
}
