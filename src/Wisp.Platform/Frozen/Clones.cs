using Wisp.Platform.Forks;
using Wisp.Platform.Instances;
using Wisp.Platform.Records;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Frozen;

/// <summary>The records of instances that begin from another: what they inherit, and what is theirs alone. Pure.</summary>
internal static class Clones
{
    /// <summary>Those of a request.</summary>
    public static InstanceRecord[] Of(
        InstanceOrigin origin, CreateInstance request, Guid? group, IReadOnlyList<string> names, IReadOnlyList<int> slots, DateTimeOffset now) =>
        // A tick apart, so that the order of creation is an order.
        [.. names.Select((name, index) => Fresh(origin, name, slots[index], now.AddTicks(index * TimeSpan.TicksPerMicrosecond)) with
        {
            RestartPolicy = request.RestartPolicy ?? (request.DeleteOnStop ? RestartPolicy.Never : origin.Source.RestartPolicy),
            // Without a group nothing could wake it.
            ScaleToZero = request.ScaleToZero ?? (group is null || request.DeleteOnStop ? origin.Source.ScaleToZero with { Policy = ScaleToZeroPolicy.Off } : origin.Source.ScaleToZero),
            ServiceGroup = group,
            IsAutoscaled = request.IsAutoscaled,
            Tags = [.. (request.Tags ?? []).Distinct(StringComparer.Ordinal)],
            Annotations = DefinitionChanges.Merge(origin.Source.Annotations, request.Annotations),
            DeleteOnStop = request.DeleteOnStop,
            Autokill = request.Autokill is null ? origin.Source.Autokill : Lifetime(request.Autokill),
            Schedules = ScheduleRules.Inherit(request.Schedules, origin.Source.Schedules, now),
            Hostname = request.Hostname ?? HostnameOf(name),
            TemplateTicket = origin.Ticket,
            Lineage = origin.Lineage,
        })];

    /// <summary>The child of a fork: it lives as long as its application does, and nobody reaches it but its parent.</summary>
    public static InstanceRecord Child(InstanceOrigin origin, uint ticket, string name, int slot, DateTimeOffset now) => Fresh(origin, name, slot, now) with
    {
        RestartPolicy = RestartPolicy.Never,
        ScaleToZero = origin.Source.ScaleToZero with { Policy = ScaleToZeroPolicy.Off },
        Annotations = origin.Source.Annotations,
        DeleteOnStop = true,
        ForkedFrom = origin.Source.Uuid,
        ForkTicket = ticket,
        ForkLife = origin.Source.Life,
        ForkRoot = ForkLimit.RootOf(origin.Source),
        Lineage = origin.Lineage,
    };

    /// <summary>A host name that a name makes.</summary>
    public static string HostnameOf(string name) => name.Replace('.', '-').Replace('_', '-');

    /// <summary>On the wire 0 is "never".</summary>
    public static TimeSpan? Lifetime(TimeSpan? given) => given is { Ticks: > 0 } ? given : null;

    private static InstanceRecord Fresh(InstanceOrigin origin, string name, int slot, DateTimeOffset now) => new()
    {
        Uuid = Guid.NewGuid(),
        Name = name,
        CreatedAt = now,
        Account = origin.Source.Account,
        ImageName = origin.Source.ImageName,
        ImageDigest = origin.Source.ImageDigest,
        MemoryMb = origin.Source.MemoryMb,
        Vcpus = origin.Source.Vcpus,
        Args = origin.Source.Args,
        Env = origin.Source.Env,
        RestartPolicy = origin.Source.RestartPolicy,
        ScaleToZero = origin.Source.ScaleToZero,
        Hostname = HostnameOf(name),
        Origin = origin.Snapshot,
        Cold = origin.Snapshot is null && origin.Source.Cold,
        Slot = slot,
        InterfaceUuid = Guid.NewGuid(),
    };
}
