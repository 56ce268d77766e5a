namespace Wisp.Gateway;

/// <summary>Whether a backend takes traffic right now.</summary>
public enum BackendState
{
    /// <summary>Takes traffic.</summary>
    Awake,
    /// <summary>Is being put to sleep; a request that arrives now wins or waits.</summary>
    FallingAsleep,
    /// <summary>Sleeps; a request must call for it first.</summary>
    Asleep,
    /// <summary>Starts from nothing; a request must wait, and goes to another if there is one.</summary>
    Starting,
    /// <summary>Stopped; is not woken by traffic.</summary>
    Gone,
}
