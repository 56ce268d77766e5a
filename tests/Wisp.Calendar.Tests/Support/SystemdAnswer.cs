namespace Wisp.Calendar.Tests.Support;

/// <summary>What systemd makes of a calendar event.</summary>
/// <param name="Normalised">Its normalised form.</param>
/// <param name="Times">When it comes, to the second.</param>
internal sealed record SystemdAnswer(string Normalised, IReadOnlyList<DateTimeOffset> Times);
