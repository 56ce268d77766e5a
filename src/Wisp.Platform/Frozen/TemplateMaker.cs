using System.Collections.Concurrent;
using Wisp.Platform.Accounts;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Frozen;

/// <summary>Makes templates of instances.</summary>
/// <param name="catalogue">Where they go.</param>
/// <param name="names">Names that are taken.</param>
/// <param name="quota">What accounts may have.</param>
/// <param name="removeAsync">Takes what was an instance out of its service group, the catalogue and the node.</param>
/// <param name="work">Keeps what goes on when nobody waits for it any more.</param>
/// <param name="time">The clock.</param>
internal sealed class TemplateMaker(Catalogue catalogue, FrozenNames names, AccountQuota quota, Func<InstanceSupervisor, Task> removeAsync, BackgroundWork work, TimeProvider time)
{
    // One conversion of an instance at a time: the guest and a user may ask for it at once.
    private readonly ConcurrentDictionary<Guid, Lazy<Task<Result<FrozenRecord>>>> _making = new();

    /// <summary>Makes one, or joins whoever makes it already. Once begun it is carried out, whoever hangs up meanwhile.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="ticket">The write in the guest that asks for it, or null.</param>
    /// <param name="autokill">How long after its last clone it is deleted.</param>
    public Task<Result<FrozenRecord>> MakeAsync(InstanceSupervisor instance, uint? ticket, TimeSpan? autokill)
    {
        var making = _making.GetOrAdd(instance.Record.Uuid, uuid => new(async () =>
        {
            // Off the caller's stack, which may be a request that is given up, or the instance's turn.
            await Task.Yield();
            try
            {
                return catalogue.Frozen.GetValueOrDefault(uuid) is { } made ? made : await ConvertAsync(instance, ticket, autokill);
            }
            finally
            {
                _making.TryRemove(uuid, out _);
            }
        })).Value;
        work.Begin(() => making);
        return making;
    }

    private async Task<Result<FrozenRecord>> ConvertAsync(InstanceSupervisor instance, uint? ticket, TimeSpan? autokill)
    {
        if ((await ReserveAsync(instance.Record)).Failed(out var error, out var reserved))
        {
            return error;
        }

        using (reserved)
        {
            if ((await instance.BecomeTemplateAsync(frozen => Describe(frozen, ticket, autokill))).Failed(out error, out var made))
            {
                return error;
            }

            await using (made.Frozen)
            {
                using var turn = await catalogue.ChangeAsync(CancellationToken.None);
                catalogue.Put(made.Template);
            }

            await removeAsync(instance);
            return made.Template;
        }
    }

    // In the turn, so that of those that are converted side by side each counts the others.
    private async Task<Result<FrozenNames.Reservation>> ReserveAsync(InstanceRecord record)
    {
        using var turn = await catalogue.ChangeAsync(CancellationToken.None);
        return quota.CheckFrozen(record.Account, names.Converting(record.Account)) is { } exceeded
            ? exceeded
            : names.Reserve(record.Account, FrozenKind.Template, record.Name);
    }

    private FrozenRecord Describe(InstanceOrigin frozen, uint? ticket, TimeSpan? autokill)
    {
        var source = frozen.Source;
        var now = time.GetUtcNow();
        return new FrozenRecord
        {
            Kind = FrozenKind.Template,
            Uuid = source.Uuid,
            Name = source.Name,
            CreatedAt = source.CreatedAt,
            Source = source,
            Snapshot = frozen.Snapshot,
            Ticket = ticket ?? frozen.Ticket,
            Hash = source.Preparation?.Hash,
            Tags = source.Tags,
            DeleteLock = source.DeleteLock,
            LockedAt = source.DeleteLock ? now : null,
            Autokill = Clones.Lifetime(autokill ?? source.Preparation?.Autokill),
            CountsFrom = now,
            Lineage = frozen.Lineage,
        };
    }
}
