using Wisp.Platform.Schedules;

namespace Wisp.Platform.Frozen;

public abstract partial record PropertyChange
{
    /// <summary>Other schedules in place of those it has. One that stays as it was goes on as it was.</summary>
    public sealed record SetSchedules(IReadOnlyList<Schedule> Schedules) : PropertyChange;

    /// <summary>More schedules.</summary>
    public sealed record AddSchedules(IReadOnlyList<Schedule> Schedules) : PropertyChange;

    /// <summary>Fewer schedules, by name; null takes them all.</summary>
    public sealed record RemoveSchedules(IReadOnlyList<string>? Names) : PropertyChange;
}
