using Microsoft.Extensions.Logging;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Retention;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Frozen;

/// <summary>Deletes what is to be deleted by itself, when it is time; and what nothing needs any more of the snapshots, soon after.</summary>
internal sealed class AutokillClock(
    Catalogue catalogue, ServiceGroupKeeper groups, RecordStore records, RetainedInstances retained, Func<CancellationToken, Task> collectAsync, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = new();
    private readonly StateSignal _changed = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _garbage;

    /// <summary>Begins.</summary>
    public void Start() => _running = Rounds.GoAsync(_changed, LookAsync, logger.WorkFailed, time, _end.Token);

    /// <summary>Something has another time to live.</summary>
    public void Look() => _changed.Raise();

    /// <summary>Something does not need its snapshot any more.</summary>
    public void Collect()
    {
        _garbage = true;
        _changed.Raise();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async ValueTask<TimeSpan> LookAsync()
    {
        var wait = await KillAsync() ? UntilNext() : AfterFailure;
        if (_garbage)
        {
            _garbage = false;
            await collectAsync(_end.Token);
        }

        return wait;
    }

    private TimeSpan UntilNext()
    {
        var deaths = catalogue.Frozen.Values.Select(DiesAt).Concat(catalogue.Instances.Values.Select(DiesAt))
            .Concat(catalogue.Groups.Values.Select(group => group.DiesAt)).Concat(catalogue.Retained.Values.Select(kept => (DateTimeOffset?)kept.Until)).OfType<DateTimeOffset>().ToArray();
        // A timer reaches 49 days; by then it looks again.
        return deaths.Length == 0 ? Timeout.InfiniteTimeSpan
            : (deaths.Min() - time.GetUtcNow()) is var left && left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1)
            : left > TimeSpan.FromDays(40) ? TimeSpan.FromDays(40)
            : left;
    }

    private async Task<bool> KillAsync()
    {
        var now = time.GetUtcNow();
        var well = true;
        foreach (var frozen in catalogue.Frozen.Values.Where(frozen => DiesAt(frozen) <= now))
        {
            well &= Report(await KillAsync(frozen.Uuid), frozen.Name, frozen.Uuid);
        }

        foreach (var instance in catalogue.Instances.Values.Where(instance => DiesAt(instance) <= now))
        {
            well &= Report(await instance.RemoveStoppedAsync(), instance.Record.Name, instance.Record.Uuid);
        }

        foreach (var group in catalogue.Groups.Values.Where(group => group.DiesAt <= now))
        {
            well &= Report(await KillGroupAsync(group.Uuid), group.Name, group.Uuid);
        }

        foreach (var kept in catalogue.Retained.Values.Where(kept => kept.Until <= now))
        {
            well &= Report(await retained.RemoveAsync(kept), kept.Instance.Name, kept.Instance.Uuid);
        }

        return well;
    }

    private async Task<Result> KillAsync(Guid uuid)
    {
        using var turn = await catalogue.ChangeAsync(_end.Token);
        // It may have been used or locked since it was looked at.
        if (!catalogue.Frozen.TryGetValue(uuid, out var frozen) || DiesAt(frozen) is not { } death || death > time.GetUtcNow())
        {
            return Result.Success;
        }

        var deleted = await records.CommitAsync(RecordStore.Delete(frozen));
        if (deleted.IsSuccess)
        {
            catalogue.RemoveFrozen(uuid);
            _garbage = true;
        }

        return deleted;
    }

    private async Task<Result> KillGroupAsync(Guid uuid)
    {
        using var turn = await catalogue.ChangeAsync(_end.Token);
        // It may have got an instance since.
        return catalogue.Groups.TryGetValue(uuid, out var group) && group.DiesAt <= time.GetUtcNow() ? await groups.RemoveAsync(group) : Result.Success;
    }

    private bool Report(Result result, string name, Guid uuid)
    {
        if (result.Failed(out var error))
        {
            logger.Trouble(name, uuid, "deleting it when its time was up", error);
        }

        return result.IsSuccess;
    }

    // One that a group makes its instances of is in use.
    private DateTimeOffset? DiesAt(FrozenRecord frozen) => frozen.DiesAt is { } death && catalogue.ScaledFrom(frozen.Uuid) is null ? death : null;

    // Time counts from the stop: one that runs, or has never run, lives.
    private static DateTimeOffset? DiesAt(InstanceSupervisor instance) =>
        instance is { State: InstanceState.Stopped, Record: { Autokill: { } after, StoppedAt: { } stopped, DeleteLock: false, Suspended: false } } ? stopped + after : null;
}
