using Wisp.Platform.Records;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    /// <summary>Writes down that a schedule was carried out. One that is another by now, or is gone, has nothing to do with that.</summary>
    /// <param name="schedule">The schedule as it was.</param>
    /// <param name="at">When it was done.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result> CarriedOutAsync(ScheduleRecord schedule, DateTimeOffset at, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // It happened, so it stands even when the store refuses.
            return await SaveAsync(_record with { Schedules = [.. _record.Schedules.Select(one => ReferenceEquals(one, schedule) ? one with { Since = at } : one)] });
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Changes the schedules, which needs no stop.</summary>
    public async Task<Result> ChangeSchedulesAsync(
        Func<IReadOnlyList<ScheduleRecord>, Result<IReadOnlyList<ScheduleRecord>>> change, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var before = _record;
            if (change(before.Schedules).Failed(out var error, out var changed))
            {
                return error;
            }

            var result = await SaveAsync(before with { Schedules = changed });
            if (!result.IsSuccess)
            {
                // Unlike what happened to its machine, this did not happen.
                _record = before;
            }

            _fleet.SchedulesChanged.Raise();
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }
}
