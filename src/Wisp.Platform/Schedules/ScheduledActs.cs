using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Schedules;

/// <summary>Does what schedules say, as a caller of the API would.</summary>
internal sealed class ScheduledActs(IInstanceService instances, IFrozenInstanceService frozen)
{
    /// <summary>Does it, to its end but for a start: how that comes out shows in the instance.</summary>
    public async Task<Result> DoAsync(Guid instance, ScheduleAction action, CancellationToken cancellation)
    {
        var reference = ResourceRef.To(instance);
        return action switch
        {
            ScheduleAction.Start => Outcome(await instances.StartAsync(reference, TimeSpan.Zero, cancellation)),
            ScheduleAction.Stop => Outcome(await instances.StopAsync(reference, new StopOptions(Force: false, TimeSpan.Zero, null), cancellation)),
            ScheduleAction.Delete => Outcome(await instances.DeleteAsync(reference, cancellation)),
            ScheduleAction.Checkpoint => Outcome(await frozen.CheckpointAsync(new CreateCheckpoint { From = reference, Wait = null }, cancellation)),
            _ => new WispError(ErrorCode.NotSupported, $"The action '{action}' of schedules is not supported.", "Take the schedule away."),
        };
    }

    private static Result Outcome<T>(Result<T> result) => result.Failed(out var error, out _) ? error : Result.Success;
}
