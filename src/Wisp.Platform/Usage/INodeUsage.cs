namespace Wisp.Platform.Usage;

/// <summary>Says what an account uses, and what it may have.</summary>
public interface INodeUsage
{
    /// <summary>The figures of this moment.</summary>
    NodeUsage Read();
}
