namespace Wisp.Machines;

/// <summary>Something that happened to a machine or in its guest.</summary>
public abstract record MachineEvent
{
    private MachineEvent() { }

    /// <summary>The guest's init is up and the entrypoint was started.</summary>
    /// <param name="BootTime">From kernel start to init, by the guest's clock.</param>
    public sealed record EntrypointStarted(TimeSpan BootTime) : MachineEvent;

    /// <summary>A watched port accepts connections. Repeated after an adoption.</summary>
    /// <param name="Port">The port.</param>
    public sealed record PortOpened(int Port) : MachineEvent;

    /// <summary>Something listens on a watched port, on loopback only: no request can reach it. Said once a port.</summary>
    /// <param name="Port">The port.</param>
    public sealed record PortOnLoopbackOnly(int Port) : MachineEvent;

    /// <summary>An application asked to be forked and waits for <see cref="GuestNews.ForkDone"/>.</summary>
    /// <param name="Ticket">The guest's number for the request.</param>
    public sealed record ForkRequested(uint Ticket) : MachineEvent;

    /// <summary>An application asked that the machine becomes a template, and waits to go on in a clone.</summary>
    /// <param name="Ticket">The guest's number for the request.</param>
    public sealed record TemplateRequested(uint Ticket) : MachineEvent;

    /// <summary>Applications hold the machine awake, or do so no longer. Said again after an adoption when it is not 0.</summary>
    /// <param name="Holds">How many hold it (<c>scale_to_zero_disable</c>).</param>
    public sealed record SleepHoldsChanged(ulong Holds) : MachineEvent;

    /// <summary>The machine is gone; always the last event, after which the channel completes.</summary>
    /// <param name="Exit">How it ended.</param>
    public sealed record Ended(MachineExit Exit) : MachineEvent;
}
