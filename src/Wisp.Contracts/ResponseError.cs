namespace Wisp.Contracts;

/// <summary>A failure of a request as a whole.</summary>
/// <param name="Status">HTTP status.</param>
public sealed record ResponseError(int Status);
