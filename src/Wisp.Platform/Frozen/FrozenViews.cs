using Wisp.Platform.Instances;
using Wisp.Platform.Records;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Frozen;

/// <summary>Templates and checkpoints as the API shows them: as the instances that they were. Pure.</summary>
internal static class FrozenViews
{
    public static InstanceView Of(FrozenRecord frozen) => new()
    {
        Uuid = frozen.Uuid,
        Name = frozen.Name,
        CreatedAt = frozen.CreatedAt,
        State = frozen switch
        {
            { Kind: FrozenKind.Template } => InstanceState.Template,
            { Pending: true } => InstanceState.Starting,
            _ => InstanceState.Checkpoint,
        },
        Image = $"{frozen.Source.ImageName}@{frozen.Source.ImageDigest}",
        MemoryMb = frozen.Source.MemoryMb,
        Vcpus = frozen.Source.Vcpus,
        Args = frozen.Source.Args,
        Env = frozen.Source.Env,
        RestartPolicy = frozen.Source.RestartPolicy,
        ScaleToZero = frozen.Source.ScaleToZero,
        Tags = frozen.Tags,
        Annotations = frozen.Source.Annotations,
        Hostname = frozen.Source.Hostname,
        Snapshot = frozen.Snapshot,
        DeleteLock = frozen.DeleteLock,
        Schedules = [.. frozen.Source.Schedules.Select(schedule => new ScheduleView(schedule.Name, schedule.When, schedule.Action, NextAt: null))],
        // That of its clones; its own is one of the next two.
        Autokill = frozen.Source.Autokill,
        TemplateAutokill = frozen.Kind == FrozenKind.Template ? frozen.Autokill : null,
        CheckpointAutokill = frozen.Kind == FrozenKind.Checkpoint ? frozen.Autokill : null,
    };
}
