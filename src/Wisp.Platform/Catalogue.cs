using System.Collections.Concurrent;
using System.Collections.Immutable;
using Wisp.Gateway.Observing;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Retention;
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
    private readonly ConcurrentDictionary<Guid, ServiceTraffic> _traffic = new();
    private ImmutableDictionary<Guid, InstanceSupervisor> _instances = ImmutableDictionary<Guid, InstanceSupervisor>.Empty;
    private ImmutableDictionary<int, InstanceSupervisor> _slots = ImmutableDictionary<int, InstanceSupervisor>.Empty;
    private ImmutableDictionary<Guid, ServiceGroupRecord> _groups = ImmutableDictionary<Guid, ServiceGroupRecord>.Empty;

    private ImmutableDictionary<Guid, CertificateRecord> _certificates = ImmutableDictionary<Guid, CertificateRecord>.Empty;
    private ImmutableDictionary<Guid, FrozenRecord> _frozen = ImmutableDictionary<Guid, FrozenRecord>.Empty;
    private ImmutableDictionary<Guid, RetainedInstance> _retained = ImmutableDictionary<Guid, RetainedInstance>.Empty;

    private ImmutableDictionary<Guid, InstanceRecord> _promised = ImmutableDictionary<Guid, InstanceRecord>.Empty;

    public ImmutableDictionary<Guid, InstanceSupervisor> Instances => Volatile.Read(ref _instances);

    public ImmutableDictionary<Guid, ServiceGroupRecord> Groups => Volatile.Read(ref _groups);

    /// <summary>Certificates, uploaded and automatic.</summary>
    public ImmutableDictionary<Guid, CertificateRecord> Certificates => Volatile.Read(ref _certificates);

    /// <summary>Templates and checkpoints.</summary>
    public ImmutableDictionary<Guid, FrozenRecord> Frozen => Volatile.Read(ref _frozen);

    /// <summary>
    /// Every instance's record, those of instances included that are being written to the store and are not there yet: their names and
    /// slots are taken, and they count.
    /// </summary>
    public IEnumerable<InstanceRecord> InstanceRecords => Instances.Values.Select(instance => instance.Record).Concat(_promised.Values);

    /// <summary>Deleted instances that can still be looked at. One comes here at any time, and goes in turn.</summary>
    public ImmutableDictionary<Guid, RetainedInstance> Retained => Volatile.Read(ref _retained);

    /// <summary>Raised when domains, or what they are shown, may be others.</summary>
    public StateSignal DomainsChanged { get; } = new();

    /// <summary>Who hears that a group is another.</summary>
    public Action GroupChanged { get; set; } = static () => { };

    /// <summary>Enters the one place where the catalogue changes; dispose to leave it.</summary>
    public async Task<Turn> ChangeAsync(CancellationToken cancellation)
    {
        await _change.WaitAsync(cancellation);
        return new Turn(_change);
    }

    /// <summary>The instance in a slot.</summary>
    public InstanceSupervisor? InstanceAt(int slot) => Volatile.Read(ref _slots).GetValueOrDefault(slot);

    public void Put(InstanceSupervisor instance)
    {
        Volatile.Write(ref _instances, _instances.SetItem(instance.Record.Uuid, instance));
        Volatile.Write(ref _slots, _slots.SetItem(instance.Record.Slot, instance));
    }

    public void Put(ServiceGroupRecord group)
    {
        _traffic.TryAdd(group.Uuid, new ServiceTraffic());
        Volatile.Write(ref _groups, _groups.SetItem(group.Uuid, group));
        DomainsChanged.Raise();
        GroupChanged();
    }

    public void Put(CertificateRecord certificate) => Volatile.Write(ref _certificates, _certificates.SetItem(certificate.Uuid, certificate));

    public void Put(FrozenRecord frozen) => Volatile.Write(ref _frozen, _frozen.SetItem(frozen.Uuid, frozen));

    /// <summary>These are going to be instances: while they are written, the turn can be another's. In the turn; so is the end of it.</summary>
    public void Promise(IEnumerable<InstanceRecord> records) =>
        _promised = _promised.AddRange(records.Select(record => KeyValuePair.Create(record.Uuid, record)));

    /// <summary>They are instances now, or will not be.</summary>
    public void Redeem(IEnumerable<InstanceRecord> records) => _promised = _promised.RemoveRange(records.Select(record => record.Uuid));

    public void Put(RetainedInstance kept) => ImmutableInterlocked.AddOrUpdate(ref _retained, kept.Instance.Uuid, kept, (_, _) => kept);

    public void RemoveRetained(Guid uuid) => ImmutableInterlocked.TryRemove(ref _retained, uuid, out _);

    public void RemoveCertificate(Guid uuid) => Volatile.Write(ref _certificates, _certificates.Remove(uuid));

    public void RemoveFrozen(Guid uuid) => Volatile.Write(ref _frozen, _frozen.Remove(uuid));

    public void RemoveInstance(InstanceSupervisor instance)
    {
        Volatile.Write(ref _instances, _instances.Remove(instance.Record.Uuid));
        Volatile.Write(ref _slots, _slots.Remove(instance.Record.Slot));
    }

    /// <summary>What is counted of a group; the same each time, as long as the group is there.</summary>
    public ServiceTraffic TrafficOf(ServiceGroupRecord group) => _traffic.GetValueOrDefault(group.Uuid) ?? new ServiceTraffic();

    public void RemoveGroup(Guid uuid)
    {
        _traffic.TryRemove(uuid, out _);
        Volatile.Write(ref _groups, _groups.Remove(uuid));
        DomainsChanged.Raise();
    }

    public static WispError NoInstance(ResourceRef reference) =>
        new(ErrorCode.NotFound, $"No instance with {reference}", "See them with 'wisp instances list'.");

    public static WispError NoFrozen(FrozenKind kind, ResourceRef reference)
    {
        var word = kind.ToString().ToLowerInvariant();
        return new WispError(ErrorCode.NotFound, $"No {word} with {reference}", $"See them with 'wisp {word}s list'.");
    }

    /// <summary>A group that makes its instances of a template, or null.</summary>
    public ServiceGroupRecord? ScaledFrom(Guid template) => Groups.Values.FirstOrDefault(group => group.Autoscale?.Template == template);

    public IEnumerable<InstanceSupervisor> InstancesOf(Guid group) =>
        Instances.Values.Where(instance => instance.Record.ServiceGroup == group).OrderBy(instance => instance.Record.CreatedAt);

    /// <summary>The right to change the catalogue, of one at a time.</summary>
    public sealed class Turn(SemaphoreSlim change) : IDisposable
    {
        private bool _isOut;

        /// <summary>Lets others change it meanwhile: what was read before may be different afterwards.</summary>
        public void Leave()
        {
            _isOut = true;
            change.Release();
        }

        /// <summary>Comes back.</summary>
        public async Task EnterAsync()
        {
            await change.WaitAsync(CancellationToken.None);
            _isOut = false;
        }

        public void Dispose()
        {
            if (!_isOut)
            {
                change.Release();
            }
        }
    }
}
