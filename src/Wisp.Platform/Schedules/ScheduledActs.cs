using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Schedules;

/// <summary>Does what schedules say, as a caller of the API would.</summary>
internal sealed class ScheduledActs(Func<Guid, AccountRooms> roomsOf)
{
    // An application that does not obey is killed long before.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Does it, to its end but for a start: how that comes out shows in the instance.</summary>
    public async Task<Result> DoAsync(Guid account, Guid instance, ScheduleAction action, CancellationToken cancellation)
    {
        var (reference, rooms) = (ResourceRef.To(instance), roomsOf(account));
        var instances = rooms.Instances;
        return action switch
        {
            ScheduleAction.Start => Outcome(await instances.StartAsync(reference, TimeSpan.Zero, cancellation)),
            ScheduleAction.Stop => await StopAsync(instances, reference, cancellation),
            ScheduleAction.Delete => Outcome(await instances.DeleteAsync(reference, cancellation)),
            ScheduleAction.Checkpoint => Outcome(await rooms.Frozen.CheckpointAsync(new CreateCheckpoint { From = reference, Wait = null }, cancellation)),
            _ => new WispError(ErrorCode.NotSupported, $"The action '{action}' of schedules is not supported.", "Take the schedule away."),
        };
    }

    // To its end: the next schedule may be to start it, which one that is still stopping would refuse.
    private static async Task<Result> StopAsync(IInstanceService instances, ResourceRef reference, CancellationToken cancellation)
    {
        if ((await instances.StopAsync(reference, new StopOptions(Force: false, TimeSpan.Zero, null), cancellation)).Failed(out var error, out _))
        {
            return error;
        }

        var ended = await instances.WaitAsync(reference, InstanceState.Stopped, Patience, cancellation);
        // One that is deleted as it stops has stopped.
        return ended.Failed(out error, out _) && error.Code != ErrorCode.NotFound ? error : Result.Success;
    }

    private static Result Outcome<T>(Result<T> result) => result.Failed(out var error, out _) ? error : Result.Success;
}
