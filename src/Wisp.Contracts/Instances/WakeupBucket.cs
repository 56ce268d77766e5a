namespace Wisp.Contracts.Instances;

/// <summary>Wakes that took up to so long, and longer than the bucket before.</summary>
/// <param name="BucketMs">Upper bound in milliseconds; absent for the last.</param>
/// <param name="Count">How many.</param>
public sealed record WakeupBucket(int? BucketMs, long Count);
