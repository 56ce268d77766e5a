namespace Wisp.Platform.Usage;

/// <summary>Says what is in use on this node, and what it can hold.</summary>
public interface INodeUsage
{
    /// <summary>The figures of this moment.</summary>
    NodeUsage Read();
}
