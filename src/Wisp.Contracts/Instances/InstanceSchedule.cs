namespace Wisp.Contracts.Instances;

/// <summary>What is done with an instance by the calendar.</summary>
/// <param name="Name">Its name.</param>
/// <param name="When">A calendar event in systemd's words, in UTC unless it names a time zone.</param>
/// <param name="Action"><c>start</c>, <c>stop</c>, <c>delete</c> or <c>checkpoint</c>.</param>
/// <param name="NextAt">When it is done next, RFC 3339; left out when it never is.</param>
public sealed record InstanceSchedule(string Name, string When, string Action, string? NextAt);
