namespace Wisp.Machines;

/// <summary>What a machine's virtual CPUs do.</summary>
public enum MachineState
{
    /// <summary>They run.</summary>
    Running,
    /// <summary>They stand still; memory is kept.</summary>
    Paused,
    /// <summary>The machine is gone.</summary>
    Exited,
}
