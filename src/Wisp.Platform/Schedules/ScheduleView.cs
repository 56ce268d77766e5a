namespace Wisp.Platform.Schedules;

/// <summary>A schedule of an instance as it is at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="When">The calendar event as it was written.</param>
/// <param name="Action">What is done.</param>
/// <param name="NextAt">When it is done next; null never, as with templates and checkpoints, whose clones inherit it.</param>
public sealed record ScheduleView(string Name, string When, ScheduleAction Action, DateTimeOffset? NextAt);
