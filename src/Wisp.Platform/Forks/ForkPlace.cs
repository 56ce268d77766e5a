namespace Wisp.Platform.Forks;

/// <summary>What became of a request to fork.</summary>
internal enum ForkPlace
{
    /// <summary>It is the only one: somebody has to serve the queue now.</summary>
    First,
    /// <summary>It waits, or did already.</summary>
    Waiting,
    /// <summary>Too many wait.</summary>
    Full,
}
