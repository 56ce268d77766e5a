namespace Wisp.Platform.Frozen;

/// <summary>What a frozen instance is for.</summary>
public enum FrozenKind
{
    /// <summary>An instance that became the original of clones.</summary>
    Template,
    /// <summary>A moment of an instance that went on.</summary>
    Checkpoint,
}
