namespace Wisp.Cli.Writing;

/// <summary>What a property holds.</summary>
internal enum PropertyKind
{
    /// <summary>One value.</summary>
    One,
    /// <summary>A list; giving it again adds to it.</summary>
    List,
    /// <summary>Names with values; giving it again adds to them.</summary>
    Map,
}
