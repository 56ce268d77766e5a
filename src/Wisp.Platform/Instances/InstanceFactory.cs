using Wisp.Images;
using Wisp.Platform.Accounts;
using Wisp.Platform.Frozen;
using Wisp.Platform.Naming;
using Wisp.Platform.Records;
using Wisp.Platform.Schedules;

namespace Wisp.Platform.Instances;

/// <summary>Makes the records of new instances: checks, names, slots. Nothing is touched. In the catalogue's turn.</summary>
internal sealed class InstanceFactory(Catalogue catalogue, AccountQuota quota, PlatformOptions options, PlatformDependencies rooms)
{
    /// <summary>The records that a request asks for: one, and one for each replica.</summary>
    /// <param name="owned">Whose they are.</param>
    /// <param name="request">The request.</param>
    /// <param name="origin">What they begin from instead of an image, or null.</param>
    /// <param name="group">The service group that they join.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Result<IReadOnlyList<InstanceRecord>>> PrepareAsync(
        AccountView owned, CreateInstance request, InstanceOrigin? origin, Guid? group, CancellationToken cancellation) =>
        (await MakeAsync(owned, request, origin, group, cancellation)).Failed(out var error, out var made) || (error = quota.CheckInstances(owned.Account, made, request.Autostart)) is not null
            || StartOrder.Resolve(owned, request.Dependencies).Failed(out error, out var dependencies)
            ? error
            : made.Select(record => record with { Dependencies = dependencies, Priority = request.Priority }).ToArray();

    private async Task<Result<InstanceRecord[]>> MakeAsync(
        AccountView owned, CreateInstance request, InstanceOrigin? origin, Guid? group, CancellationToken cancellation)
    {
        if (origin is not null)
        {
            // The image could have been removed while what they begin from was written.
            return (await rooms.Images.FindAsync($"{origin.Source.ImageName}@{origin.Source.ImageDigest}", cancellation)).Failed(out var broken, out _)
                || Names(owned, request, origin.Source.ImageName).Failed(out broken, out var cloneNames) || Slots(cloneNames.Count).Failed(out broken, out var cloneSlots)
                ? broken
                : Clones.Of(origin, request, group, cloneNames, cloneSlots, rooms.Time.GetUtcNow());
        }

        if ((await rooms.Images.FindAsync(request.Image!, cancellation)).Failed(out var error, out var image)
            || CheckRunnable(image, request.Args) is { } unrunnable && (error = unrunnable) is not null
            || Names(owned, request, image.Name).Failed(out error, out var names)
            || Slots(names.Count).Failed(out error, out var slots))
        {
            return error;
        }

        var now = rooms.Time.GetUtcNow();
        // A tick apart, so that the order of creation is an order.
        return names.Select((name, index) => new InstanceRecord
        {
            Uuid = Guid.NewGuid(),
            Name = name,
            Account = owned.Account,
            CreatedAt = now.AddTicks(index * TimeSpan.TicksPerMicrosecond),
            ImageName = image.Name,
            ImageDigest = image.Digest,
            MemoryMb = (int)(request.MemoryMb ?? InstanceRules.DefaultMemoryMb),
            Vcpus = (int)(request.Vcpus ?? 1),
            Args = request.Args,
            Env = request.Env,
            RestartPolicy = request.RestartPolicy ?? RestartPolicy.Never,
            ScaleToZero = request.ScaleToZero ?? ScaleToZero.Default,
            ServiceGroup = group,
            Tags = [.. (request.Tags ?? []).Distinct(StringComparer.Ordinal)],
            Annotations = request.Annotations,
            DeleteOnStop = request.DeleteOnStop,
            Cold = request.Cold,
            Autokill = Clones.Lifetime(request.Autokill),
            Schedules = ScheduleRules.Make(request.Schedules, now),
            Hostname = request.Hostname ?? Clones.HostnameOf(name),
            Slot = slots[index],
            InterfaceUuid = Guid.NewGuid(),
        }).ToArray();
    }

    /// <summary>The record of a child that a guest forked. In the catalogue's turn.</summary>
    /// <param name="origin">What its parent was at that moment.</param>
    /// <param name="ticket">The guest's number for the request.</param>
    public Result<InstanceRecord> PrepareChild(InstanceOrigin origin, uint ticket) =>
        Names(new AccountView(catalogue, origin.Source.Account), new CreateInstance { Name = NameGenerator.ForReplica(origin.Source.Name) }, origin.Source.ImageName).Failed(out var error, out var names)
            || Slots(1).Failed(out error, out var slots)
            || Clones.Child(origin, ticket, names[0], slots[0], rooms.Time.GetUtcNow()) is var child && (error = quota.CheckInstances(child.Account, [child], areStarted: true)) is not null
            ? error
            : child;

    /// <summary>Checks what needs nothing but the request and the host's limits.</summary>
    public WispError? Check(CreateInstance request) =>
        InstanceRules.Check(request, rooms.Engine.Description.MinimumMemoryMib, options.LargestMemoryMb)
        ?? ScheduleRules.Check(request.Schedules, rooms.Time.GetUtcNow())
        ?? ScheduleRules.Check(request.OnDemand?.Arguments.Schedules, rooms.Time.GetUtcNow());

    /// <summary>The error of an image that says nothing to run, or null.</summary>
    public static WispError? CheckRunnable(StoredImage image, IReadOnlyList<string>? args) =>
        image.Configuration.Entrypoint.Count + (args ?? image.Configuration.Cmd).Count > 0
            ? null
            : new WispError(
                ErrorCode.InvalidValue,
                $"Image '{image.Name}:{image.Tag}' has neither CMD nor ENTRYPOINT, so there is nothing to run.",
                "Give 'args', or add a CMD to its Dockerfile.",
                "no-command");

    private Result<IReadOnlyList<string>> Names(AccountView owned, CreateInstance request, string imageName)
    {
        var taken = owned.InstanceRecords.Select(record => record.Name).ToHashSet(StringComparer.Ordinal);
        if (request.Name?.ToLowerInvariant() is { } given && taken.Contains(given))
        {
            return new WispError(ErrorCode.AlreadyExists, $"An instance with the name '{given}' already exists", "Choose another name, or delete that one.");
        }

        var names = new List<string>();
        while (names.Count <= request.Replicas)
        {
            var name = (request.Name?.ToLowerInvariant(), names.Count) switch
            {
                ({ } first, 0) => first,
                ({ } first, _) => NameGenerator.ForReplica(first),
                _ => request.Family is { } family ? NameGenerator.ForReplica(family) : NameGenerator.ForInstance(imageName),
            };
            if (taken.Add(name))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private Result<IReadOnlyList<int>> Slots(int count)
    {
        var taken = catalogue.InstanceRecords.Select(record => record.Slot).ToHashSet();
        var free = Enumerable.Range(0, rooms.Network.Capacity).Where(slot => !taken.Contains(slot)).Take(count).ToArray();
        return free.Length == count
            ? free
            : new WispError(
                ErrorCode.NothingFree,
                $"All {rooms.Network.Capacity} addresses of this node are taken.",
                "Delete instances that are no longer needed.");
    }
}
