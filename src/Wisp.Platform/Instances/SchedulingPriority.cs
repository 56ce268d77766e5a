namespace Wisp.Platform.Instances;

/// <summary>How much of the processors an instance gets when there are not enough for all.</summary>
public enum SchedulingPriority
{
    /// <summary>What everybody has.</summary>
    Normal,

    /// <summary>Twice that.</summary>
    Medium,

    /// <summary>Four times that; only administrators give it.</summary>
    High,

    /// <summary>Eight times that; only administrators give it.</summary>
    Admin,
}
