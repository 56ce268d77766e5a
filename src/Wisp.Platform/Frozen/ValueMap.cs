namespace Wisp.Platform.Frozen;

/// <summary>Properties of an instance that are names with values.</summary>
public enum ValueMap
{
    /// <summary>Environment variables.</summary>
    Env,
    /// <summary>Annotations.</summary>
    Annotations,
}
