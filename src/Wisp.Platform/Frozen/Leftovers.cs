using Microsoft.Extensions.Logging;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Retention;
using Wisp.Platform.Records;
using Wisp.Platform.Services;

namespace Wisp.Platform.Frozen;

/// <summary>
/// Takes away what an earlier wispd left when it died in the middle of something: machines and directories of instances whose record is gone,
/// forks that never ran, templates that were still being prepared, groups without the instance they were for.
/// </summary>
internal sealed class Leftovers(Catalogue catalogue, ServiceGroupKeeper groups, RetainedInstances retained, PlatformOptions options, PlatformDependencies rooms, ILogger logger)
{
    /// <summary>What has no record. Before anything is adopted.</summary>
    public async Task SweepMachinesAsync(IReadOnlyList<InstanceRecord> instances, CancellationToken cancellation)
    {
        if (!Directory.Exists(options.InstancesDirectory))
        {
            return;
        }

        var known = instances.Select(instance => instance.Uuid).ToHashSet();
        var slots = instances.Select(instance => instance.Slot).ToHashSet();
        foreach (var directory in Directory.GetDirectories(options.InstancesDirectory))
        {
            if (!Guid.TryParseExact(Path.GetFileName(directory), "D", out var uuid) || known.Contains(uuid))
            {
                continue;
            }

            if (!(await rooms.Engine.AdoptAsync(directory, cancellation)).Failed(out _, out var machine))
            {
                await machine.KillAsync();
                await machine.DisposeAsync();
            }

            if (catalogue.Frozen.TryGetValue(uuid, out var frozen) && !slots.Contains(frozen.Source.Slot))
            {
                await rooms.Network.DetachAsync(frozen.Source.Slot, cancellation);
            }

            // Of one that is kept, what came before its machine had ended.
            retained.ClearDirectory(directory, Path.GetFileName(directory), uuid);
        }
    }

    /// <summary>What has a record that was for nothing. After everything is adopted.</summary>
    public async Task SweepRecordsAsync()
    {
        foreach (var instance in catalogue.Instances.Values.Where(instance => instance.Record is { Preparation: not null } or { ForkedFrom: not null, StartCount: 0 }))
        {
            // Nobody is served by it; it need not be asked.
            await instance.StopAsync(new StopOptions(Force: true, TimeSpan.Zero, null), StopRequest.Platform);
            if ((await instance.RemoveAsync(DeleteOptions.Usual, CancellationToken.None)).Failed(out var error, out _))
            {
                logger.Trouble(instance.Record.Name, instance.Record.Uuid, "removing it, half made as it is,", error);
            }
        }

        using var turn = await catalogue.ChangeAsync(CancellationToken.None);
        foreach (var group in catalogue.Groups.Values.Where(group => !group.Persistent && !catalogue.InstancesOf(group.Uuid).Any()))
        {
            if ((await groups.RemoveAsync(group)).Failed(out var error))
            {
                logger.Trouble(group.Name, group.Uuid, "removing its group, which has no instance,", error);
            }
        }

        // What an earlier wispd did not come to say.
        foreach (var group in catalogue.Groups.Values.Where(group => group is { Persistent: true, EmptySince: null } && !catalogue.InstancesOf(group.Uuid).Any()))
        {
            if ((await groups.EmptyAsync(group)).Failed(out var error))
            {
                logger.Trouble(group.Name, group.Uuid, "noting that it has no instance", error);
            }
        }
    }
}
