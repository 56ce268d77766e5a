namespace Wisp.Platform.Instances;

/// <summary>The states of an instance (platform API, "States").</summary>
public enum InstanceState
{
    /// <summary>Not running; keeps its definition.</summary>
    Stopped,
    /// <summary>On its way to running.</summary>
    Starting,
    /// <summary>Entrypoint up and, where a service publishes ports, each of them open.</summary>
    Running,
    /// <summary>Takes no new work, finishes what it has.</summary>
    Draining,
    /// <summary>Asked to stop, not gone yet.</summary>
    Stopping,
    /// <summary>Asleep with its state kept; traffic wakes it.</summary>
    Standby,
    /// <summary>A template: the frozen original of clones.</summary>
    Template,
    /// <summary>Deleted.</summary>
    Deleted,
    /// <summary>A checkpoint: a frozen copy.</summary>
    Checkpoint,
}
