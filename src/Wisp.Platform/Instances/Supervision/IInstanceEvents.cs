namespace Wisp.Platform.Instances.Supervision;

/// <summary>Hears what instances do. It is called in the instance's turn: it must not wait, and must not ask the instance for its turn.</summary>
internal interface IInstanceEvents
{
    /// <summary>It was not there before.</summary>
    void Created(InstanceSupervisor instance);

    /// <summary>It has other annotations.</summary>
    void Annotated(InstanceSupervisor instance, IReadOnlyDictionary<string, string>? before);

    /// <summary>It went from one state to another.</summary>
    void Moved(InstanceSupervisor instance, InstanceState previous, InstanceState state);

    /// <summary>A start or a wake of it came to nothing.</summary>
    void StartFailed(InstanceSupervisor instance, WispError error);

    /// <summary>Its state, or what is durable of it, is another now.</summary>
    void Changed(InstanceSupervisor instance, InstanceState state);

    /// <summary>An application in it asked to be forked and waits. Said again by a guest that still waits after it was adopted.</summary>
    void ForkRequested(InstanceSupervisor instance, uint ticket);

    /// <summary>An application in it asked that it becomes a template, and waits.</summary>
    void TemplateRequested(InstanceSupervisor instance, uint ticket);
}
