using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Wisp.Platform.Accounts;

/// <summary>
/// What is alive of each account. A wake takes from it, so it has no lock and asks no store: taking is one compare-and-swap, and what an
/// account may have is read off an immutable set.
/// </summary>
/// <param name="find">An account; null when it has just been deleted.</param>
internal sealed class LiveUse(Func<Guid, Account?> find)
{
    private readonly ConcurrentDictionary<Guid, StrongBox<LiveFigures>> _used = new();

    /// <summary>What an account takes now.</summary>
    public LiveFigures Of(Guid account) => Volatile.Read(ref Box(account).Value!);

    /// <summary>Why an account cannot take this much more now, or null.</summary>
    public WispError? Check(Guid account, LiveFigures more) => Exceeds(account, Of(account), more);

    /// <summary>Takes it, unless that is more than the account may have.</summary>
    public Result TryTake(Guid account, LiveFigures more)
    {
        var box = Box(account);
        while (true)
        {
            var used = Volatile.Read(ref box.Value!);
            if (Exceeds(account, used, more) is { } exceeded)
            {
                return exceeded;
            }

            if (ReferenceEquals(Interlocked.CompareExchange(ref box.Value!, used + more, used), used))
            {
                return Result.Success;
            }
        }
    }

    /// <summary>Takes what cannot be refused, or gives back.</summary>
    public void Take(Guid account, LiveFigures more)
    {
        var box = Box(account);
        LiveFigures used;
        do
        {
            used = Volatile.Read(ref box.Value!);
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref box.Value!, used + more, used), used));
    }

    private StrongBox<LiveFigures> Box(Guid account) => _used.GetOrAdd(account, static _ => new(LiveFigures.None));

    private WispError? Exceeds(Guid account, LiveFigures used, LiveFigures more)
    {
        if (find(account) is not { } owner)
        {
            return null;
        }

        var step = $"Stop or suspend what is not needed, or have an administrator allow more: wisp users edit {owner.Name}";
        return AccountQuota.Exceeds(owner, owner.Limits.LiveInstances, "live instances", used.Instances, more.Instances, step)
            ?? AccountQuota.Exceeds(owner, owner.Limits.LiveVcpus, "live vcpus", used.Vcpus, more.Vcpus, step)
            ?? AccountQuota.Exceeds(owner, owner.Limits.LiveMemoryMb, "MiB of live memory", used.MemoryMb, more.MemoryMb, step);
    }
}
