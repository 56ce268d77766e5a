using Microsoft.Extensions.Logging;
using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Naming;
using Wisp.Platform.Records;
using Wisp.Snapshots;

namespace Wisp.Platform.Frozen;

/// <summary>Makes checkpoints of instances, which go on.</summary>
/// <param name="catalogue">Where they go.</param>
/// <param name="names">Names that are taken.</param>
/// <param name="quota">What accounts may have.</param>
/// <param name="made">Hears that there is one.</param>
/// <param name="work">Keeps what goes on when nobody waits for it any more.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says what failed.</param>
internal sealed class CheckpointMaker(Catalogue catalogue, FrozenNames names, AccountQuota quota, Action<FrozenRecord> made, BackgroundWork work, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// Puts one into the catalogue that is still being made, and begins to make it. A crash before it is done leaves nothing of it.
    /// </summary>
    /// <returns>The record as it is at once, and what becomes of it; or why not.</returns>
    public async Task<Result<(FrozenRecord Pending, Task<Result<FrozenRecord>> Done)>> BeginAsync(InstanceSupervisor instance, CreateCheckpoint request)
    {
        if (NameIt(instance.Record, request.Name).Failed(out var error, out var named))
        {
            return error;
        }

        var now = time.GetUtcNow();
        var pending = new FrozenRecord
        {
            Kind = FrozenKind.Checkpoint,
            Uuid = Guid.NewGuid(),
            Name = named.Name,
            CreatedAt = now,
            Source = instance.Record,
            Tags = [.. (request.Tags ?? []).Distinct(StringComparer.Ordinal)],
            Autokill = Clones.Lifetime(request.Autokill),
            CountsFrom = now,
            Lineage = instance.Record.Lineage,
            Pending = true,
        };
        if ((await PutPendingAsync(pending)).Failed(out error))
        {
            named.Reserved.Dispose();
            return error;
        }

        var done = MakeAsync(instance, pending, named.Reserved);
        // It goes on when nobody waits for it any more.
        work.Begin(() => done);
        return (pending, done);
    }

    private Result<(string Name, FrozenNames.Reservation Reserved)> NameIt(InstanceRecord source, string? given)
    {
        while (true)
        {
            var name = given?.ToLowerInvariant() ?? NameGenerator.ForReplica(source.Name);
            if (!names.Reserve(source.Account, FrozenKind.Checkpoint, name).Failed(out var error, out var reserved))
            {
                return (name, reserved);
            }

            if (given is not null)
            {
                return error;
            }
        }
    }

    private async Task<Result<FrozenRecord>> MakeAsync(InstanceSupervisor instance, FrozenRecord pending, FrozenNames.Reservation reserved)
    {
        using (reserved)
        {
            // Off the caller's stack, which answers while this goes on.
            await Task.Yield();
            var result = await TryAsync(instance, pending);
            if (result.Failed(out var error, out _))
            {
                logger.Trouble(instance.Record.Name, instance.Record.Uuid, $"making the checkpoint '{pending.Name}'", error);
                using var turn = await catalogue.ChangeAsync(CancellationToken.None);
                catalogue.RemoveFrozen(pending.Uuid);
            }

            return result;
        }
    }

    private async Task<Result<FrozenRecord>> TryAsync(InstanceSupervisor instance, FrozenRecord pending)
    {
        var frozen = await instance.FreezeAsync(SnapshotKind.Checkpoint, state => new WispError(
            ErrorCode.WrongState,
            $"Instance '{instance.Record.Name}' is {state.ToString().ToLowerInvariant()}.",
            "Wait until it runs or has stopped, or give 'timeout_s'."));
        if (frozen.Failed(out var error, out var origin))
        {
            return Explain(error);
        }

        await using (origin)
        {
            var checkpoint = pending with
            {
                Source = origin.Source,
                Snapshot = origin.Snapshot,
                Ticket = origin.Ticket,
                Lineage = origin.Lineage,
                CountsFrom = time.GetUtcNow(),
                Pending = false,
            };
            if ((await instance.RememberAsync(checkpoint)).Failed(out error))
            {
                return Explain(error);
            }

            await PutAsync(checkpoint);
            made(checkpoint);
            return checkpoint;
        }
    }

    // In turn, as its making counts at once: others that begin now see it.
    private async Task<Result> PutPendingAsync(FrozenRecord pending)
    {
        using var turn = await catalogue.ChangeAsync(CancellationToken.None);
        if (quota.CheckFrozen(pending.Account, names.Converting(pending.Account)) is { } exceeded)
        {
            return exceeded;
        }

        catalogue.Put(pending);
        return Result.Success;
    }

    private async Task PutAsync(FrozenRecord checkpoint)
    {
        using var turn = await catalogue.ChangeAsync(CancellationToken.None);
        catalogue.Put(checkpoint);
    }

    private static WispError Explain(WispError error) =>
        error.Code is ErrorCode.WrongState or ErrorCode.NotFound ? error : error with { Message = $"Failed to allocate checkpoint: {error.Message}" };
}
