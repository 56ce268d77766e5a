using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.Platform.Records;
using Wisp.Snapshots;

namespace Wisp.Platform.Frozen;

/// <summary>Finds what a new instance begins from, where that is not an image.</summary>
internal sealed class InstanceOrigins(Catalogue catalogue, OnDemandTemplates onDemand)
{
    /// <summary>Finds it, or makes it; null when it is an image. Dispose of it once the new instance is in the catalogue.</summary>
    public async Task<Result<InstanceOrigin?>> FindAsync(AccountView owned, CreateInstance request, CancellationToken cancellation)
    {
        WispError? error;
        if (request.Template is { } template)
        {
            return owned.FindFrozen(FrozenKind.Template, template).Failed(out error, out var found) ? error : Of(found);
        }

        if (request.OnDemand is { } wanted)
        {
            return (await onDemand.FindAsync(owned.Account, wanted, PortsOf(owned, request), cancellation)).Failed(out error, out var made) ? error : Of(made);
        }

        if (request.Checkpoint is { } checkpoint)
        {
            return owned.FindFrozen(FrozenKind.Checkpoint, checkpoint).Failed(out error, out var found) ? error
                : found.Pending ? new WispError(
                    ErrorCode.WrongState, $"Failed to create instance from checkpoint: '{found.Name}' is still being made", $"Wait for it: wisp checkpoints get {found.Name}")
                : Of(found);
        }

        return request.BranchFrom is { } source ? await BranchAsync(owned, source) : (InstanceOrigin?)null;
    }

    /// <summary>Counts a use, for the autokill; null when what was found has been deleted since. In the catalogue's turn.</summary>
    public Result<FrozenRecord?> Use(InstanceOrigin? origin, DateTimeOffset now) =>
        origin?.Used is not { } used ? (FrozenRecord?)null
        : catalogue.Frozen.TryGetValue(used.Uuid, out var current) ? current with { CountsFrom = now }
        : Catalogue.NoFrozen(used.Kind, ResourceRef.To(used.Uuid));

    private async Task<Result<InstanceOrigin?>> BranchAsync(AccountView owned, ResourceRef source)
    {
        if (owned.FindInstance(source).Failed(out var error, out var instance))
        {
            return error;
        }

        if (instance.HasPendingSnapshot)
        {
            return new WispError(ErrorCode.WrongState, "Cannot branch from VM with pending snapshot", $"Try again in a moment: a snapshot of '{instance.Record.Name}' is being made.");
        }

        return (await instance.FreezeAsync(SnapshotKind.Branch, Refuse)).Failed(out error, out var origin) ? error : origin;
    }

    private static WispError Refuse(InstanceState state) => new(
        ErrorCode.WrongState, $"Cannot branch from VM in state '{state.ToString().ToLowerInvariant()}'", "Branch from an instance that is running, standby or stopped.");

    private static InstanceOrigin Of(FrozenRecord frozen) => new()
    {
        Source = frozen.Source,
        Snapshot = frozen.Snapshot,
        Ticket = frozen.Ticket,
        Used = frozen,
        Lineage = frozen.Kind == FrozenKind.Checkpoint ? [new Ancestor(frozen.Uuid, frozen.Name, frozen.CreatedAt), .. frozen.Lineage] : frozen.Lineage,
    };

    // What its group will publish, so that a template is prepared up to there.
    private static IReadOnlyList<int> PortsOf(AccountView owned, CreateInstance request) =>
        request.NewServiceGroup is { } group ? WatchedPorts.Of(group.Services)
        : request.ServiceGroup is { } reference && !owned.FindGroup(reference).Failed(out _, out var existing) ? WatchedPorts.Of(existing)
        : [];
}
