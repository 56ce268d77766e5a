namespace Wisp.Platform.Instances;

/// <summary>Who asked a machine to end.</summary>
internal enum StopRequest
{
    /// <summary>Nobody.</summary>
    None,
    /// <summary>A user's stop or delete.</summary>
    User,
    /// <summary>The platform, e.g. as the node goes down.</summary>
    Platform,
}
