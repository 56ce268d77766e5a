namespace Wisp.Machines;

/// <summary>Why a machine ended.</summary>
public enum MachineExitCause
{
    /// <summary>The entrypoint exited by itself, or by the signal it was sent to stop.</summary>
    ApplicationExited,
    /// <summary>The guest's kernel killed the entrypoint because memory ran out.</summary>
    OutOfMemory,
    /// <summary>The guest's kernel crashed or powered off by itself.</summary>
    KernelCrashed,
    /// <summary>The VMM died or was killed from outside.</summary>
    VmmDied,
    /// <summary>We ended it by force (<see cref="IMachine.KillAsync"/>).</summary>
    Killed,
}
