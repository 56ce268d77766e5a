using System.Collections.Concurrent;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <summary>Which instances are started before which. What is deleted drops out by itself: nobody depends on what is not there.</summary>
internal sealed class StartOrder(Catalogue catalogue)
{
    /// <summary>An instance depends on no more than these.</summary>
    public const int Most = 16;

    // Two changes that are fine alone may make a circle together. A new instance cannot: nobody depends on it yet.
    // One account's at a time: they lead to no other's, and whoever holds this may have to wait for an instance.
    private readonly ConcurrentDictionary<Guid, SemaphoreSlim> _changes = new();

    /// <summary>Those that an instance depends on.</summary>
    public IReadOnlyList<InstanceSupervisor> Of(InstanceRecord record) => record.Dependencies.Count == 0 ? []
        : [.. record.Dependencies.Select(uuid => catalogue.Instances.GetValueOrDefault(uuid)).OfType<InstanceSupervisor>()
            .Where(instance => instance.State is not (InstanceState.Deleted or InstanceState.Template))];

    /// <summary>Those that depend on an instance.</summary>
    public IEnumerable<InstanceSupervisor> DependentsOf(Guid uuid) => catalogue.Instances.Values.Where(instance => instance.Record.Dependencies.Contains(uuid));

    /// <summary>The instances that references lead to, each once.</summary>
    public static Result<IReadOnlyList<Guid>> Resolve(AccountView owned, IReadOnlyList<ResourceRef>? references)
    {
        var found = new List<Guid>();
        foreach (var reference in references ?? [])
        {
            if (owned.FindInstance(reference).Failed(out var error, out var instance))
            {
                return error;
            }

            found.Add(instance.Record.Uuid);
        }

        return Limit(found);
    }

    /// <summary>True when a change is about what an instance depends on.</summary>
    public static bool IsAbout(PropertyChange change) => change is PropertyChange.SetDependencies or PropertyChange.AddDependencies or PropertyChange.RemoveDependencies;

    /// <summary>Changes what an instance depends on.</summary>
    public async Task<Result> ChangeAsync(AccountView owned, InstanceSupervisor instance, PropertyChange change, CancellationToken cancellation)
    {
        var one = _changes.GetOrAdd(owned.Account, static _ => new(1, 1));
        await one.WaitAsync(cancellation);
        try
        {
            if (Change(owned, Of(instance.Record), change).Failed(out var error, out var on))
            {
                return error;
            }

            return FindCircle(instance.Record, on) is { } circle
                ? new WispError(
                    ErrorCode.InvalidValue, $"Instance '{instance.Record.Name}' cannot depend on '{circle[0]}': {string.Join(" -> ", [instance.Record.Name, .. circle])} is a circle.",
                    "Take one of these dependencies away.")
                : await instance.DependAsync(on, cancellation);
        }
        finally
        {
            one.Release();
        }
    }

    private static Result<IReadOnlyList<Guid>> Change(AccountView owned, IReadOnlyList<InstanceSupervisor> present, PropertyChange change) => change switch
    {
        PropertyChange.SetDependencies set => Resolve(owned, set.On),
        PropertyChange.AddDependencies add => Resolve(owned, add.On).Failed(out var error, out var more) ? error : Limit(present.Select(one => one.Record.Uuid).Concat(more)),
        PropertyChange.RemoveDependencies { On: { } gone } => present.Where(one => !gone.Any(one.IsMeantBy)).Select(one => one.Record.Uuid).ToArray(),
        _ => Array.Empty<Guid>(),
    };

    private static Result<IReadOnlyList<Guid>> Limit(IEnumerable<Guid> uuids)
    {
        var once = uuids.Distinct().ToArray();
        return once.Length <= Most ? once : new WispError(ErrorCode.TooMany, $"At most {Most} dependencies are allowed.", "Depend on one that depends on the others.");
    }

    // The names on the way from what it is to depend on back to itself.
    private List<string>? FindCircle(InstanceRecord record, IReadOnlyList<Guid> on)
    {
        var reachedFrom = on.ToDictionary(uuid => uuid, _ => record.Uuid);
        var next = new Queue<Guid>(on);
        while (next.TryDequeue(out var uuid) && !reachedFrom.ContainsKey(record.Uuid))
        {
            foreach (var further in catalogue.Instances.GetValueOrDefault(uuid) is { } instance ? Of(instance.Record) : [])
            {
                if (reachedFrom.TryAdd(further.Record.Uuid, uuid))
                {
                    next.Enqueue(further.Record.Uuid);
                }
            }
        }

        if (!reachedFrom.TryGetValue(record.Uuid, out var before))
        {
            return null;
        }

        List<string> circle = [record.Name];
        for (; before != record.Uuid; before = reachedFrom[before])
        {
            circle.Insert(0, catalogue.Instances.GetValueOrDefault(before)?.Record.Name ?? before.ToString());
        }

        return circle;
    }
}
