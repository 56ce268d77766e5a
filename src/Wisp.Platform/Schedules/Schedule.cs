namespace Wisp.Platform.Schedules;

/// <summary>Something that is done with an instance again and again, as the caller wrote it.</summary>
/// <param name="Name">Its name; none twice in an instance.</param>
/// <param name="When">A calendar event; without a time zone it is in UTC.</param>
/// <param name="Action">What is done.</param>
/// <param name="Args">The command of <see cref="ScheduleAction.Exec"/>; nothing else has one.</param>
public sealed record Schedule(string Name, string When, ScheduleAction Action, IReadOnlyList<string>? Args = null);
