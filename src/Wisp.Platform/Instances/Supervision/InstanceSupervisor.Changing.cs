using Wisp.Images;
using Wisp.Platform.Frozen;
using Wisp.Platform.Records;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    private const int MostUpdates = 64;

    // In turn: nothing of it exists that was made with its definition.
    private bool IsAtRest => State == InstanceState.Stopped && _machine is null && _record is { HasMachine: false, Hibernated: null };

    /// <summary>Changes a property. What a machine is made with waits until there is none.</summary>
    /// <param name="change">The change.</param>
    /// <param name="image">The image that it names.</param>
    /// <param name="cancellation">Gives up the wait for its turn.</param>
    public async Task<Result> ChangeAsync(PropertyChange change, StoredImage? image, CancellationToken cancellation)
    {
        if (ScheduleRules.IsAbout(change))
        {
            return await ChangeSchedulesAsync(present => ScheduleRules.Change(present, change, _time.GetUtcNow()), cancellation);
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            var before = _record;
            if (Change(before, change, image).Failed(out var error, out var changed))
            {
                return error;
            }

            var result = await SaveAsync(changed);
            if (!result.IsSuccess)
            {
                // Unlike what happened to its machine, this did not happen.
                _record = before;
                return result;
            }

            if (State == InstanceState.Running && changed.ScaleToZero != before.ScaleToZero)
            {
                WatchIdleness();
            }

            if (!ReferenceEquals(changed.Annotations, before.Annotations))
            {
                Events?.Annotated(this, before.Annotations);
            }

            if (changed.Priority != before.Priority)
            {
                Prioritize();
            }

            Events?.Changed(this, State);
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private Result<InstanceRecord> Change(InstanceRecord record, PropertyChange change, StoredImage? image)
    {
        if (change.NeedsStop)
        {
            return Define(record, change, image);
        }

        var annotations = DefinitionChanges.Change(record.Annotations, ValueMap.Annotations, change);
        if (FrozenRules.Change(record.Tags, change).Failed(out var error, out var tags)
            || AnnotationRules.Check(annotations) is { } wrong && (error = wrong) is not null
            || change is PropertyChange.SetRestartPolicy { Policy: not RestartPolicy.Never } && record.DeleteOnStop
                && (error = new WispError(ErrorCode.NotBoth, "'delete-on-stop' and a restart policy exclude each other.", "Make a new instance without 'delete-on-stop'.")) is not null
            || change is PropertyChange.SetAutokill { After: var time } && FrozenRules.CheckAutokill(time) is { } broken && (error = broken) is not null)
        {
            return error;
        }

        return record with
        {
            Tags = tags,
            Annotations = annotations,
            DeleteLock = change is PropertyChange.SetDeleteLock { Locked: var locked } ? locked : record.DeleteLock,
            Autokill = change is PropertyChange.SetAutokill { After: var after } ? Clones.Lifetime(after) : record.Autokill,
            Priority = change is PropertyChange.SetPriority { Priority: var priority } ? priority : record.Priority,
            RestartPolicy = change is PropertyChange.SetRestartPolicy { Policy: var policy } ? policy : record.RestartPolicy,
        };
    }

    // In turn.
    private Result<InstanceRecord> Define(InstanceRecord record, PropertyChange change, StoredImage? image)
    {
        var definition = record.Next ?? InstanceDefinition.Of(record);
        if (DefinitionChanges.Apply(record, definition, change, image, _fleet.Rooms.Engine.Description.MinimumMemoryMib, _options.LargestMemoryMb).Failed(out var error, out var changed)
            || image is not null && InstanceFactory.CheckRunnable(image, changed.Args) is { } mute && (error = mute) is not null)
        {
            return error;
        }

        if (IsAtRest)
        {
            return changed.ApplyTo(record);
        }

        // While it runs nothing has been decided yet by how it sleeps.
        if (change is PropertyChange.SetScaleToZero && State == InstanceState.Running)
        {
            return record with
            {
                ScaleToZero = changed.ScaleToZero,
                Next = record.Next is null ? null : changed,
                Updates = [.. record.Updates.Where(update => update.Property != change.Given?.Property)],
            };
        }

        if (change.Given is not { } given)
        {
            return record with { Next = changed };
        }

        // What is set anew makes what waited for that property void, unless it names a part of it.
        var replaces = given.Operation == "set" && change is not PropertyChange.SetScaleToZero { Settings.IsWhole: false };
        var waiting = record.Updates.Where(update => !replaces || update.Property != given.Property).ToArray();
        return waiting.Length < MostUpdates
            ? record with { Next = changed, Updates = [.. waiting, given] }
            : new WispError(ErrorCode.TooMany, $"{MostUpdates} changes of instance '{record.Name}' wait for its next stop.", "Stop it, or use 'set'.");
    }

    /// <summary>Removes it if it is still stopped and still to be deleted by itself.</summary>
    public Task<Result> RemoveStoppedAsync() =>
        RemoveAsync(() => _record is { Autokill: { } after, StoppedAt: { } stopped, DeleteLock: false } && stopped + after <= _time.GetUtcNow());

    /// <summary>Has an instance that autoscale made removed, if it has ended and nothing starts it again.</summary>
    public Task<Result> RemoveAutoscaledAsync() => RemoveAsync(() => HasEnded);

    /// <summary>True when it has ended, and nothing starts it again.</summary>
    public bool HasEnded => State == InstanceState.Stopped && _machine is null && _restartAt is null && !_record.Suspended;

    private async Task<Result> RemoveAsync(Func<bool> isDue)
    {
        Task<Result> removal;
        await _turn.WaitAsync(_letGo.Token);
        try
        {
            if (State != InstanceState.Stopped || _machine is not null || !isDue())
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
