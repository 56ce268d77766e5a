namespace Wisp.Platform.Frozen;

/// <summary>A change of one property of an instance, a template or a checkpoint.</summary>
public abstract partial record PropertyChange
{
    private PropertyChange() { }

    /// <summary>Other labels in place of those it has.</summary>
    public sealed record SetTags(IReadOnlyList<string> Tags) : PropertyChange;

    /// <summary>More labels.</summary>
    public sealed record AddTags(IReadOnlyList<string> Tags) : PropertyChange;

    /// <summary>Fewer labels; null takes them all.</summary>
    public sealed record RemoveTags(IReadOnlyList<string>? Tags) : PropertyChange;

    /// <summary>Whether it may be deleted.</summary>
    public sealed record SetDeleteLock(bool Locked) : PropertyChange;

    /// <summary>When it is deleted by itself; null never.</summary>
    public sealed record SetAutokill(TimeSpan? After) : PropertyChange;
}
