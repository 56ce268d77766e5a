using Microsoft.Extensions.Logging;
using Wisp.Platform.Accounts;
using Wisp.Platform.Instances;
using Wisp.Platform.Instances.Supervision;
using Wisp.Platform.Records;

namespace Wisp.Platform.Forks;

/// <summary>Keeps guests from taking the node down by forking: so many of one family live at once, and none is added when memory is short.</summary>
internal sealed class ForkLimit(Catalogue catalogue, LiveUse live, PlatformOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, long> _said = [];

    /// <summary>The instance that a family of forks began with. It may be gone, and so may those in between.</summary>
    public static Guid RootOf(InstanceRecord record) => record.ForkRoot ?? record.ForkedFrom ?? record.Uuid;

    /// <summary>Why an instance cannot be forked now, or null. In the catalogue's turn it stands for what is put there next.</summary>
    public WispError? Check(InstanceSupervisor parent)
    {
        var root = RootOf(parent.Record);
        var living = catalogue.Instances.Values.Count(child => child.Record.ForkedFrom is not null && RootOf(child.Record) == root && IsLiving(child));
        if (living >= options.ForkLimit)
        {
            return new WispError(
                ErrorCode.Quota,
                $"Instance '{parent.Record.Name}' cannot be forked: of the family that it belongs to, {living} forks live, and no more than {options.ForkLimit} may.",
                "Let some of them end, or allow more: wispd serve --fork-limit, or WISP_FORK_LIMIT.");
        }

        return options.AvailableMemory() is var available && available < options.LowMemoryBytes
            ? new WispError(
                ErrorCode.Quota,
                $"Instance '{parent.Record.Name}' cannot be forked: the host has {available} bytes of memory to spare, and forks leave it {options.LowMemoryBytes}.",
                "Stop instances that are not needed.")
            : live.Check(parent.Record.Account, LiveFigures.Of(parent.Record));
    }

    /// <summary>Logs it, once in a while for each family: a guest that tries again and again would fill the disk with it.</summary>
    public void Say(InstanceSupervisor parent, WispError refused)
    {
        lock (_gate)
        {
            foreach (var (old, _) in _said.Where(entry => time.GetElapsedTime(entry.Value) >= Silence).ToArray())
            {
                _said.Remove(old);
            }

            if (!_said.TryAdd(RootOf(parent.Record), time.GetTimestamp()))
            {
                return;
            }
        }

        logger.NotForked(parent.Record.Name, parent.Record.Uuid, refused);
    }

    // One that was just put there has no machine yet, and has never ended; one that sleeps, or that a user suspended, lives.
    private static bool IsLiving(InstanceSupervisor child) =>
        child.State is not (InstanceState.Deleted or InstanceState.Template) && (child.Record.HasMachine || child.Record.Stop is null);
}
