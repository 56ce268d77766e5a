namespace Wisp.Platform.Records;

/// <summary>How a certificate that the node gets by itself goes on.</summary>
/// <param name="Attempt">How many attempts have failed since the last that did not.</param>
/// <param name="Next">When the next one is due: to get it, or to renew it.</param>
/// <param name="Reason">Why the last attempt failed, or null.</param>
internal sealed record AutomaticState(int Attempt, DateTimeOffset Next, string? Reason = null);
