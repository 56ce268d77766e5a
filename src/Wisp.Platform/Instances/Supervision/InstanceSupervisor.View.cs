using Wisp.Platform.Instances.Sleep;
using Wisp.Platform.Records;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    /// <summary>The instance as it is now.</summary>
    /// <param name="group">Its service group, if it has one.</param>
    public InstanceView View((Guid Uuid, string Name, IReadOnlyList<string> Domains)? group)
    {
        var record = _record;
        var state = State;
        var network = _launcher.InterfaceOf(record);
        var stop = state == InstanceState.Standby ? StopClassifier.Standby : record.Stop;
        return ViewOf(record) with
        {
            State = state,
            Uptime = record is { StartedAt: { } started, StoppedAt: null } ? _time.GetUtcNow() - started : TimeSpan.Zero,
            StopReason = stop?.Reason,
            ExitCode = stop?.ExitCode,
            StopCode = stop?.Code,
            StopDetail = stop?.Detail,
            Restart = _restartAt is { } next ? (_restartAttempt, next) : null,
            ServiceGroup = group,
            Interface = (record.InterfaceUuid, network),
            Dependencies = [.. _fleet.Order.Of(record).Select(one => (one.Record.Uuid, one.Record.Name))],
            Snapshot = record.Hibernated ?? (_machine is { } machine ? KeptLayers.Of(machine.Memory) : []).Cast<Guid?>().LastOrDefault() ?? record.Origin,
            Depth = DepthOf(record, state),
        };
    }

    /// <summary>All that its record alone says of an instance, taken for one without a machine.</summary>
    public static InstanceView ViewOf(InstanceRecord record) => new()
    {
        Uuid = record.Uuid,
        Name = record.Name,
        CreatedAt = record.CreatedAt,
        State = InstanceState.Stopped,
        Image = $"{record.ImageName}@{record.ImageDigest}",
        MemoryMb = record.MemoryMb,
        Vcpus = record.Vcpus,
        Args = record.Args,
        Env = record.Env,
        StartCount = record.StartCount,
        RestartCount = record.RestartCount,
        StartedAt = record.StartedAt,
        StoppedAt = record.StoppedAt,
        VmmStartTime = record.Timings.Vmm,
        BootTime = record.Timings.Boot,
        NetTime = record.Timings.Net,
        VmmLoadTime = record.Timings.Load,
        VmmReadyTime = record.Timings.Ready,
        StopReason = record.Stop?.Reason,
        ExitCode = record.Stop?.ExitCode,
        StopCode = record.Stop?.Code,
        StopDetail = record.Stop?.Detail,
        RestartPolicy = record.RestartPolicy,
        ScaleToZero = record.ScaleToZero,
        Tags = record.Tags,
        Annotations = record.Annotations,
        Updates = record.Updates,
        Priority = record.Priority,
        DeleteOnStop = record.DeleteOnStop,
        Hostname = record.Hostname,
        DeleteLock = record.DeleteLock,
        Autokill = record.Autokill,
        Schedules = [.. record.Schedules.Select(schedule => new ScheduleView(schedule.Name, schedule.When, schedule.Action, schedule.NextAt))],
    };

    /// <summary>The snapshots without which it could not go on.</summary>
    public IEnumerable<Guid> NeededSnapshots
    {
        get
        {
            var record = _record;
            IEnumerable<Guid?> named = [record.Origin, record.Hibernated, (Guid?)Volatile.Read(ref _opening)];
            return named.OfType<Guid>().Concat(_machine is { } machine ? KeptLayers.Of(machine.Memory) : []);
        }
    }

    // As long as its machine takes memory, it does not sleep without one.
    private SleepDepth? DepthOf(InstanceRecord record, InstanceState state) => (_machine ?? _leaving, state) switch
    {
        (_, not (InstanceState.Standby or InstanceState.Stopped)) => null,
        (not null, _) => _reclaimed.Exists ? SleepDepth.Reclaimed : SleepDepth.Paused,
        (null, _) => record.Hibernated is not null ? SleepDepth.Hibernated : record.Discarded ? SleepDepth.Discarded : null,
    };
}
