using Wisp.Platform.Frozen;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    /// <summary>Changes a property; none of them needs a stop.</summary>
    public async Task<Result> ChangeAsync(PropertyChange change, CancellationToken cancellation)
    {
        if (ScheduleRules.IsAbout(change))
        {
            return await ChangeSchedulesAsync(present => ScheduleRules.Change(present, change, _time.GetUtcNow()), cancellation);
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            var record = _record;
            if (FrozenRules.Change(record.Tags, change).Failed(out var error, out var tags)
                || change is PropertyChange.SetAutokill { After: var time } && FrozenRules.CheckAutokill(time) is { } broken && (error = broken) is not null)
            {
                return error;
            }

            var before = record;
            var result = await SaveAsync(record with
            {
                Tags = tags,
                DeleteLock = change is PropertyChange.SetDeleteLock { Locked: var locked } ? locked : record.DeleteLock,
                Autokill = change is PropertyChange.SetAutokill { After: var after } ? Clones.Lifetime(after) : record.Autokill,
            });
            if (!result.IsSuccess)
            {
                // Unlike what happened to its machine, this did not happen.
                _record = before;
            }
            else
            {
                Events?.Changed(this, State);
            }

            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Removes it if it is still stopped and still to be deleted by itself.</summary>
    public async Task<Result> RemoveStoppedAsync()
    {
        Task<Result> removal;
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            if (State != InstanceState.Stopped || _machine is not null
                || _record is not { Autokill: { } after, StoppedAt: { } stopped, DeleteLock: false } || stopped + after > _time.GetUtcNow())
            {
                return Result.Success;
            }

            CallOffRestart();
            removal = BeginRemoval();
        }
        finally
        {
            _turn.Release();
        }

        return await removal;
    }
}
