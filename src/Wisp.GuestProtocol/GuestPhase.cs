namespace Wisp.GuestProtocol;

/// <summary>How far a guest has come.</summary>
public enum GuestPhase
{
    /// <summary>Booted; waits for its configuration.</summary>
    Waiting,
    /// <summary>The entrypoint runs.</summary>
    Running,
    /// <summary>The entrypoint is gone; waits to be powered off.</summary>
    Exited,
}
