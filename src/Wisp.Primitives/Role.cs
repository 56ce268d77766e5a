namespace Wisp;

/// <summary>What a token may do; each role may also do what those before it may.</summary>
public enum Role
{
    /// <summary>Look: lists, logs, figures.</summary>
    Read,
    /// <summary>Make, change and remove what belongs to its account.</summary>
    Write,
    /// <summary>Manage the node: accounts, tokens, what belongs to nobody.</summary>
    Admin,
}
