using Wisp.Platform.Instances;
using Wisp.Platform.Naming;

namespace Wisp.Platform.Frozen;

/// <summary>The rules of requests about templates and checkpoints. Pure.</summary>
internal static class FrozenRules
{
    private static readonly TimeSpan LongestAutokill = TimeSpan.FromDays(365);

    /// <summary>The first rule that is broken, or null.</summary>
    public static WispError? Check(CreateCheckpoint request) =>
        (request.Name is null || ResourceName.TryParse(request.Name, out _, out var error) ? null : error)
        ?? InstanceRules.CheckTags(request.Tags)
        ?? CheckAutokill(request.Autokill);

    /// <summary>The first rule that is broken, or null.</summary>
    public static WispError? CheckAutokill(TimeSpan? after) =>
        after is { } time ? InstanceRules.Range("time_ms", (long)time.TotalMilliseconds, 0, (long)LongestAutokill.TotalMilliseconds) : null;

    /// <summary>The labels after a change, or the rule that is broken.</summary>
    public static Result<IReadOnlyList<string>> Change(IReadOnlyList<string> tags, PropertyChange change)
    {
        IReadOnlyList<string> changed = change switch
        {
            PropertyChange.SetTags set => [.. set.Tags.Distinct(StringComparer.Ordinal)],
            PropertyChange.AddTags add => [.. tags.Union(add.Tags, StringComparer.Ordinal)],
            PropertyChange.RemoveTags { Tags: null } => [],
            PropertyChange.RemoveTags remove => [.. tags.Except(remove.Tags!, StringComparer.Ordinal)],
            _ => tags,
        };
        return InstanceRules.CheckTags(changed) is { } broken ? broken : Success(changed);
    }

    // An interface has no implicit conversion to Result<T>; it goes through a type parameter.
    private static Result<T> Success<T>(T value) => value;
}
