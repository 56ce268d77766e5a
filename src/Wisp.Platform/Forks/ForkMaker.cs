using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;
using Wisp.Snapshots;

namespace Wisp.Platform.Forks;

/// <summary>Makes the child of a fork: another instance that goes on from where its parent is.</summary>
internal sealed class ForkMaker(Catalogue catalogue, InstanceFactory factory, Func<InstanceRecord, InstanceSupervisor> own, RecordStore records, Peers peers, ForkLimit limit)
{
    /// <summary>Makes one and starts it. On failure nothing is left of it.</summary>
    public async Task<Result<InstanceSupervisor>> ForkAsync(InstanceSupervisor parent, uint ticket)
    {
        if ((await AddAsync(parent, ticket)).Failed(out var error, out var child))
        {
            return error;
        }

        if ((await child.StartAsync(TimeSpan.Zero, CancellationToken.None)).Failed(out error, out _))
        {
            await child.RemoveAsync(DeleteOptions.Usual, CancellationToken.None);
            return error;
        }

        return child;
    }

    private async Task<Result<InstanceSupervisor>> AddAsync(InstanceSupervisor parent, uint ticket)
    {
        // Before anything is frozen: whoever is refused tries again, and that must cost nothing.
        if (limit.Check(parent) is { } refused)
        {
            return refused;
        }

        var frozen = await parent.FreezeAsync(
            SnapshotKind.Fork,
            state => new WispError(ErrorCode.WrongState, $"Instance '{parent.Record.Name}' is {state.ToString().ToLowerInvariant()} and cannot be forked."));
        if (frozen.Failed(out var error, out var origin))
        {
            return error;
        }

        await using (origin)
        {
            if (origin.Snapshot is null)
            {
                return new WispError(ErrorCode.WrongState, $"Instance '{parent.Record.Name}' has stopped; there is nothing to fork.");
            }

            using var turn = await catalogue.ChangeAsync(CancellationToken.None);
            // Others of its family may have been forked meanwhile.
            if (limit.Check(parent) is { } late)
            {
                return late;
            }

            if (factory.PrepareChild(origin, ticket).Failed(out error, out var record)
                || (await records.CommitAsync(RecordStore.Put(record))).Failed(out error))
            {
                return error;
            }

            var child = own(record);
            catalogue.Put(child);
            child.Events?.Created(child);
            await peers.AdmitAsync([record]);
            return child;
        }
    }
}
