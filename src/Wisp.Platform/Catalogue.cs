using System.Collections.Immutable;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform;

/// <summary>
/// What exists on this node. Readers take a snapshot and need no lock; changes are made one at a time, under
/// <see cref="ChangeAsync"/>.
/// </summary>
internal sealed class Catalogue
{
    private readonly SemaphoreSlim _change = new(1, 1);
    private ImmutableDictionary<Guid, InstanceSupervisor> _instances = ImmutableDictionary<Guid, InstanceSupervisor>.Empty;
    private ImmutableDictionary<Guid, ServiceGroupRecord> _groups = ImmutableDictionary<Guid, ServiceGroupRecord>.Empty;

    private ImmutableDictionary<Guid, FrozenRecord> _frozen = ImmutableDictionary<Guid, FrozenRecord>.Empty;

    public ImmutableDictionary<Guid, InstanceSupervisor> Instances => Volatile.Read(ref _instances);

    public ImmutableDictionary<Guid, ServiceGroupRecord> Groups => Volatile.Read(ref _groups);

    /// <summary>Templates and checkpoints.</summary>
    public ImmutableDictionary<Guid, FrozenRecord> Frozen => Volatile.Read(ref _frozen);

    /// <summary>Enters the one place where the catalogue changes; dispose to leave it.</summary>
    public async Task<IDisposable> ChangeAsync(CancellationToken cancellation)
    {
        await _change.WaitAsync(cancellation);
        return new Turn(_change);
    }

    public void Put(InstanceSupervisor instance) => Volatile.Write(ref _instances, _instances.SetItem(instance.Record.Uuid, instance));

    public void Put(ServiceGroupRecord group) => Volatile.Write(ref _groups, _groups.SetItem(group.Uuid, group));

    public void Put(FrozenRecord frozen) => Volatile.Write(ref _frozen, _frozen.SetItem(frozen.Uuid, frozen));

    public void RemoveFrozen(Guid uuid) => Volatile.Write(ref _frozen, _frozen.Remove(uuid));

    public void RemoveInstance(Guid uuid) => Volatile.Write(ref _instances, _instances.Remove(uuid));

    public void RemoveGroup(Guid uuid) => Volatile.Write(ref _groups, _groups.Remove(uuid));

    public static WispError NoInstance(ResourceRef reference) =>
        new(ErrorCode.NotFound, $"No instance with {reference}", "See them with 'wisp instances list'.");

    public static WispError NoFrozen(FrozenKind kind, ResourceRef reference)
    {
        var word = kind.ToString().ToLowerInvariant();
        return new WispError(ErrorCode.NotFound, $"No {word} with {reference}", $"See them with 'wisp {word}s list'.");
    }

    public IEnumerable<InstanceSupervisor> InstancesOf(Guid group) =>
        Instances.Values.Where(instance => instance.Record.ServiceGroup == group).OrderBy(instance => instance.Record.CreatedAt);

    private sealed class Turn(SemaphoreSlim change) : IDisposable
    {
        public void Dispose() => change.Release();
    }
}
