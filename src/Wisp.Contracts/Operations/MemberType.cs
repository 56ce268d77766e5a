namespace Wisp.Contracts.Operations;

/// <summary>What a member of a request may hold.</summary>
public enum MemberType
{
    /// <summary>A string.</summary>
    Text,
    /// <summary>A whole number.</summary>
    Integer,
    /// <summary>True or false.</summary>
    Boolean,
    /// <summary>A list of strings.</summary>
    Texts,
    /// <summary>A list of whole numbers.</summary>
    Integers,
    /// <summary>An object of strings.</summary>
    Map,
    /// <summary>An object.</summary>
    Object,
    /// <summary>A list of objects.</summary>
    Objects,
    /// <summary>A string or an object.</summary>
    TextOrObject,
    /// <summary>Any JSON.</summary>
    Any,
}
