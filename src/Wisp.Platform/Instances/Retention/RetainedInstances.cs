using Microsoft.Extensions.Logging;
using Wisp.Gateway;
using Wisp.Machines.Consoles;
using Wisp.Platform.Records;
using Wisp.State;

namespace Wisp.Platform.Instances.Retention;

/// <summary>Keeps deleted instances for a while: a record, and the console. Everything else of them is free.</summary>
internal sealed class RetainedInstances(Catalogue catalogue, RecordStore records, PlatformOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>How many of an account are kept at once: what is deleted beyond that is gone at once, since nothing else limits them.</summary>
    public const int MostOfAccount = 1000;

    /// <summary>Hears that there is another one, in that instance's turn. Set as the platform is put together.</summary>
    public Action Kept { private get; set; } = () => { };

    /// <summary>Loads them, without those whose time passed while no wispd ran. Before what has no record is swept.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var kept in await records.LoadRetainedAsync(cancellation))
        {
            if (kept.Until > time.GetUtcNow() || (await records.CommitAsync(RecordStore.Delete(kept))).Failed(out _))
            {
                catalogue.Put(kept);
            }
        }
    }

    /// <summary>Makes an instance's record that of a deleted one, or deletes it. In the instance's turn, when it has no machine.</summary>
    /// <param name="record">The instance.</param>
    /// <param name="backend">What it served.</param>
    /// <param name="retain">False when whoever deletes it wants nothing kept.</param>
    public async Task<Result> DeleteAsync(InstanceRecord record, Backend backend, bool retain)
    {
        // Nobody saw what was only made on the way to something else.
        var isSeen = record is { Preparation: null } and not { ForkedFrom: not null, StartCount: 0 };
        if (!retain || !isSeen || options.RetainDeleted <= TimeSpan.Zero || Of(record.Account).Take(MostOfAccount).Count() == MostOfAccount)
        {
            return await records.CommitAsync(RecordStore.Delete(record));
        }

        var kept = new RetainedInstance
        {
            Instance = record with { ServiceGroup = null, Origin = null, Schedules = [], Next = null, Updates = [] },
            Until = time.GetUtcNow() + options.RetainDeleted,
            Served = backend.Total,
            Wakes = backend.WakeLatencies.Counts(),
            WakeTime = backend.WakeLatencies.Sum,
        };
        // One commit: there is never neither of them.
        var result = await records.CommitAsync(RecordStore.Delete(record), RecordStore.Put(kept));
        if (result.IsSuccess)
        {
            catalogue.Put(kept);
            Kept();
        }

        return result;
    }

    /// <summary>Removes one for good, once: for two who want that it is gone.</summary>
    public async Task<Result> RemoveAsync(RetainedInstance kept)
    {
        // It may still be on its way out of the catalogue.
        using var turn = await catalogue.ChangeAsync(CancellationToken.None);
        if (!catalogue.Retained.ContainsKey(kept.Instance.Uuid))
        {
            return Result.Success;
        }

        var removed = await records.CommitAsync(RecordStore.Delete(kept));
        if (removed.IsSuccess)
        {
            Forget(kept.Instance);
        }

        return removed;
    }

    /// <summary>What deletes those of an account, together with it.</summary>
    public IReadOnlyList<StateChange> DeletionOf(Guid account) => [.. Of(account).Select(RecordStore.Delete)];

    /// <summary>Forgets those of an account that is deleted. In the catalogue's turn.</summary>
    public void Forget(Guid account)
    {
        foreach (var kept in Of(account))
        {
            Forget(kept.Instance);
        }
    }

    /// <summary>Deletes the directory of what is no instance any more; of one that is kept, all but the console.</summary>
    public void ClearDirectory(string directory, string name, Guid uuid)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        try
        {
            if (!catalogue.Retained.ContainsKey(uuid))
            {
                Directory.Delete(directory, recursive: true);
                return;
            }

            foreach (var entry in new DirectoryInfo(directory).GetFileSystemInfos().Where(entry => entry.Name != ConsoleLog.FileName))
            {
                Delete(entry);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.Trouble(name, uuid, "deleting its directory", new WispError(ErrorCode.OperationFailed, exception.Message));
        }
    }

    private IEnumerable<RetainedInstance> Of(Guid account) => catalogue.Retained.Values.Where(kept => kept.Instance.Account == account);

    private void Forget(InstanceRecord instance)
    {
        catalogue.RemoveRetained(instance.Uuid);
        ClearDirectory(Path.Combine(options.InstancesDirectory, instance.Uuid.ToString()), instance.Name, instance.Uuid);
    }

    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo inner)
        {
            inner.Delete(recursive: true);
        }
        else
        {
            entry.Delete();
        }
    }
}
