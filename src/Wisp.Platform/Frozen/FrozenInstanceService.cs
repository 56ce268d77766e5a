using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Frozen;

/// <inheritdoc cref="IFrozenInstanceService"/>
internal sealed class FrozenInstanceService(
    AccountView owned, Catalogue catalogue, TemplateMaker templates, CheckpointMaker checkpoints, AutokillClock clock, RecordStore records, PlatformOptions options,
    TimeProvider time) : IFrozenInstanceService
{
    /// <inheritdoc/>
    public IReadOnlyList<InstanceView> List(FrozenKind kind) =>
        [.. owned.Frozen.Where(frozen => frozen.Kind == kind).OrderBy(frozen => frozen.CreatedAt).Select(FrozenViews.Of)];

    /// <inheritdoc/>
    public Result<InstanceView> Find(FrozenKind kind, ResourceRef reference) =>
        owned.FindFrozen(kind, reference).Failed(out var error, out var frozen) ? error : FrozenViews.Of(frozen);

    /// <inheritdoc/>
    public async Task<Result<InstanceView>> ConvertAsync(ConvertToTemplate request, CancellationToken cancellation)
    {
        if (FrozenRules.CheckAutokill(request.Autokill) is { } broken)
        {
            return broken;
        }

        if (owned.FindInstance(request.Instance).Failed(out var error, out var instance)
            || (error = instance.RefuseIfAutoscaled()) is not null
            || (await StandStillAsync(instance, request.Wait, cancellation)).Failed(out error)
            || (await templates.MakeAsync(instance, null, request.Autokill).WaitAsync(cancellation)).Failed(out error, out var made))
        {
            return error;
        }

        clock.Look();
        return FrozenViews.Of(made);
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceView>> CheckpointAsync(CreateCheckpoint request, CancellationToken cancellation)
    {
        if (FrozenRules.Check(request) is { } broken)
        {
            return broken;
        }

        var from = time.GetTimestamp();
        var patience = request.Wait ?? options.LongestWait;
        if (owned.FindInstance(request.From).Failed(out var error, out var instance)
            || (await StandStillAsync(instance, request.Wait, cancellation)).Failed(out error)
            || (await checkpoints.BeginAsync(instance, request)).Failed(out error, out var begun))
        {
            return error;
        }

        var left = patience - time.GetElapsedTime(from);
        if (patience <= TimeSpan.Zero || left <= TimeSpan.Zero)
        {
            return FrozenViews.Of(begun.Pending);
        }

        try
        {
            return (await begun.Done.WaitAsync(left, time, cancellation)).Failed(out error, out var made) ? error : FrozenViews.Of(made);
        }
        catch (TimeoutException)
        {
            return new WispError(
                ErrorCode.TimedOut, $"The checkpoint '{begun.Pending.Name}' is still being made, and the time is up.", $"Look at it later: wisp checkpoints get {begun.Pending.Name}", "wait-timeout");
        }
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceView>> ChangeAsync(FrozenKind kind, ResourceRef reference, PropertyChange change, CancellationToken cancellation)
    {
        if (ScheduleRules.IsAbout(change))
        {
            return new WispError(ErrorCode.NotSupported, "Changing 'schedules' of what is frozen is not supported.", "Give its clones their own.");
        }

        using var turn = await catalogue.ChangeAsync(cancellation);
        if (owned.FindFrozen(kind, reference).Failed(out var error, out var frozen)
            || NotPending(frozen).Failed(out error)
            || FrozenRules.Change(frozen.Tags, change).Failed(out error, out var tags)
            || change is PropertyChange.SetAutokill { After: var given } && FrozenRules.CheckAutokill(given) is { } broken && (error = broken) is not null)
        {
            return error;
        }

        var now = time.GetUtcNow();
        var changed = (frozen with { Tags = tags }) switch
        {
            var record when change is PropertyChange.SetAutokill { After: var after } => record with { Autokill = Clones.Lifetime(after) },
            var record when change is PropertyChange.SetDeleteLock { Locked: true } => record with { DeleteLock = true, LockedAt = record.LockedAt ?? now },
            // The time under lock did not count.
            { LockedAt: { } since } record when change is PropertyChange.SetDeleteLock { Locked: false } => record with
            {
                DeleteLock = false, LockedAt = null, CountsFrom = record.CountsFrom > since ? now : now - (since - record.CountsFrom),
            },
            var record => record,
        };
        if ((await records.CommitAsync(RecordStore.Put(changed))).Failed(out error))
        {
            return error;
        }

        catalogue.Put(changed);
        clock.Look();
        return FrozenViews.Of(changed);
    }

    /// <inheritdoc/>
    public async Task<Result<InstanceView>> DeleteAsync(FrozenKind kind, ResourceRef reference, CancellationToken cancellation)
    {
        using (await catalogue.ChangeAsync(cancellation))
        {
            if (owned.FindFrozen(kind, reference).Failed(out var error, out var frozen) || NotPending(frozen).Failed(out error))
            {
                return error;
            }

            if (frozen.DeleteLock)
            {
                return DeleteLocks.Refuse($"{kind.ToString().ToLowerInvariant()}s edit {frozen.Name}");
            }

            if (catalogue.ScaledFrom(frozen.Uuid) is { } group)
            {
                return new WispError(
                    ErrorCode.Attached, $"Service group '{group.Name}' makes instances of template '{frozen.Name}'.", $"End that first: wisp services autoscale delete {group.Name}");
            }

            if ((await records.CommitAsync(RecordStore.Delete(frozen))).Failed(out error))
            {
                return error;
            }

            catalogue.RemoveFrozen(frozen.Uuid);
            clock.Collect();
            return FrozenViews.Of(frozen);
        }
    }

    /// <inheritdoc/>
    public Result<Lineage> HistoryOfCheckpoint(ResourceRef reference) =>
        owned.FindFrozen(FrozenKind.Checkpoint, reference).Failed(out var error, out var frozen)
            ? error
            : new Lineage(frozen.Uuid, frozen.Name, frozen.Lineage);

    /// <inheritdoc/>
    public Result<Lineage> HistoryOfInstance(ResourceRef reference) =>
        owned.FindRetained(reference) is { Instance: var deleted } ? new Lineage(deleted.Uuid, deleted.Name, deleted.Lineage)
        : owned.FindInstance(reference).Failed(out var error, out var instance) ? error
        : new Lineage(instance.Record.Uuid, instance.Record.Name, instance.Record.Lineage);

    // One that is only starting is waited for, if anybody wants to.
    private async Task<Result> StandStillAsync(InstanceSupervisor instance, TimeSpan? wait, CancellationToken cancellation) =>
        instance.State != InstanceState.Starting || wait == TimeSpan.Zero ? Result.Success : await instance.WaitForRunningAsync(wait ?? options.LongestWait, cancellation);

    private static Result NotPending(FrozenRecord frozen) => frozen.Pending
        ? new WispError(ErrorCode.WrongState, $"The checkpoint '{frozen.Name}' is still being made.", "Try again when its state is 'checkpoint'.")
        : Result.Success;
}
