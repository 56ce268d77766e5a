namespace Wisp.Platform.Instances;

/// <summary>Whether an instance whose application ended is started again.</summary>
public enum RestartPolicy
{
    /// <summary>It is not.</summary>
    Never,
    /// <summary>Whatever the reason.</summary>
    Always,
    /// <summary>After a non-zero exit or a crash.</summary>
    OnFailure,
}
