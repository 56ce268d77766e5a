using Wisp.Platform.Records;

namespace Wisp.Platform.Accounts;

/// <summary>Says whether an account may have more. In the catalogue's turn what it says holds for what is put there next.</summary>
internal sealed class AccountQuota(Catalogue catalogue, AccountService accounts, LiveUse live)
{
    /// <summary>Why these instances cannot be added, or null.</summary>
    /// <param name="account">Whose they are.</param>
    /// <param name="added">The instances.</param>
    /// <param name="areStarted">Whether they are started at once.</param>
    public WispError? CheckInstances(Guid account, IReadOnlyList<InstanceRecord> added, bool areStarted) => Check(
        account,
        (owner, owned) => Exceeds(owner, owner.Limits.Instances, "instances", owned.InstanceRecords.Count(), added.Count)
            ?? added.Select(record => Size(owner, record.MemoryMb, record.Vcpus)).FirstOrDefault(error => error is not null)
            // Whoever starts them takes it; this only keeps what could not be started from being made.
            ?? (areStarted ? live.Check(account, added.Select(LiveFigures.Of).Aggregate((one, other) => one + other)) : null));

    /// <summary>How many like that an account may add and start now, of so many.</summary>
    public int Room(Guid account, InstanceRecord each, int wanted)
    {
        var fit = 0;
        for (var all = LiveFigures.None; fit < wanted; fit++)
        {
            all += LiveFigures.Of(each);
            if (Check(account, (owner, owned) => Exceeds(owner, owner.Limits.Instances, "instances", owned.InstanceRecords.Count(), fit + 1) ?? live.Check(account, all)) is not null)
            {
                break;
            }
        }

        return fit;
    }

    /// <summary>Why an instance cannot have this size, or null.</summary>
    public WispError? CheckSize(Guid account, long memoryMb, long vcpus) => Check(account, (owner, _) => Size(owner, memoryMb, vcpus));

    /// <summary>Why one more template or checkpoint cannot be added, or null.</summary>
    /// <param name="account">Whose it is.</param>
    /// <param name="converting">How many instances are about to be templates.</param>
    public WispError? CheckFrozen(Guid account, int converting) => Check(
        account, (owner, owned) => Exceeds(owner, owner.Limits.Frozen, "templates and checkpoints", owned.Frozen.Count() + converting, 1));

    /// <summary>Why a group cannot be as it is to be, or null.</summary>
    /// <param name="after">The group.</param>
    public WispError? CheckGroup(ServiceGroupRecord after) => Check(
        after.Account,
        (owner, owned) =>
        {
            var others = owned.Groups.Where(group => group.Uuid != after.Uuid).ToArray();
            return Exceeds(owner, owner.Limits.ServiceGroups, "service groups", others.Length, 1)
                ?? Exceeds(owner, owner.Limits.Services, "services", others.Sum(group => group.Ports.Count), after.Ports.Count);
        });

    private WispError? Check(Guid account, Func<Account, AccountView, WispError?> check) =>
        accounts.Find(ResourceRef.To(account)).Failed(out _, out var owner)
            ? new WispError(ErrorCode.NotAllowed, "The user of this token has just been deleted.", "Ask an administrator for another token.")
            : check(owner, new AccountView(catalogue, account));

    private static WispError? Size(Account owner, long memoryMb, long vcpus) =>
        Exceeds(owner, owner.Limits.MemoryMb, "MiB of memory in one instance", 0, memoryMb) ?? Exceeds(owner, owner.Limits.Vcpus, "vcpus in one instance", 0, vcpus);

    /// <summary>The error of one who asks for more than there may be, or null.</summary>
    public static WispError? Exceeds(Account owner, long? limit, string what, long used, long added, string? step = null) => limit is { } most && used + added > most
        ? new WispError(
            ErrorCode.Quota,
            $"The user '{owner.Name}' may have {most} {what}{(used > 0 ? $", has {used}," : "")} and asked for {added}{(used > 0 ? " more" : "")}.",
            step ?? $"Ask for less, delete what is not needed, or have an administrator allow more: wisp users edit {owner.Name}")
        : null;
}
