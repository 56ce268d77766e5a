using Wisp.Platform.Frozen;

namespace Wisp.Platform.Instances;

/// <summary>What a scheduling priority is worth, and who may give it. Pure.</summary>
internal static class SchedulingRules
{
    private const int Boost = 4;

    /// <summary>Its share of the processors while it runs.</summary>
    public static int ShareOf(SchedulingPriority priority) => 100 << (int)priority;

    /// <summary>That of one that somebody may be waiting for.</summary>
    public static int ShareWhileStarting(SchedulingPriority priority) => ShareOf(priority) * Boost;

    /// <summary>The error of a priority that the caller may not give, or null.</summary>
    public static WispError? Check(PropertyChange change, bool byAdministrator) =>
        change is PropertyChange.SetPriority { Priority: var priority } ? Check(priority, byAdministrator) : null;

    /// <summary>The error of a priority that the caller may not give, or null.</summary>
    public static WispError? Check(SchedulingPriority priority, bool byAdministrator) => priority < SchedulingPriority.High || byAdministrator
        ? null
        : new WispError(
            ErrorCode.NotAllowed, $"This token may not do that: 'sched_priority' {priority.ToString().ToLowerInvariant()} needs the role 'admin'.",
            "Use normal or medium, or ask an administrator.", "token");
}
