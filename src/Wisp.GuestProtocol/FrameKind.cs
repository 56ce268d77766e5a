namespace Wisp.GuestProtocol;

/// <summary>
/// What a frame on the agent channel says. A frame is: payload length (uint32, little endian, at most
/// <see cref="AgentFrame.MaxPayload"/>), kind (one byte), payload. Numbers never change meaning.
/// </summary>
public enum FrameKind : byte
{
    /// <summary>Guest to host, payload <see cref="GuestStatus"/> (JSON): sent when the guest comes up and whenever the host asks.</summary>
    Status = 1,
    /// <summary>Guest to host, payload uint16 port: a watched port accepts connections now.</summary>
    PortOpen = 2,
    /// <summary>Guest to host, payload <see cref="GuestExit"/> (JSON): the entrypoint is gone. The guest waits for <see cref="PowerOff"/>.</summary>
    Exited = 3,
    /// <summary>
    /// Guest to host, payload uint32 ticket: an application wrote to <c>/uk/libukp/fork</c> and waits. Tickets count up from 1, and the
    /// next is not sent before this one is answered. Sent again, with the same ticket, with each answer to <see cref="Query"/> until then.
    /// </summary>
    ForkRequest = 4,
    /// <summary>
    /// Guest to host, payload uint32 ticket: an application wrote 1 to <c>/uk/libukp/template_instance</c> and waits. Counted and sent
    /// again as a <see cref="ForkRequest"/> is, with tickets of its own.
    /// </summary>
    TemplateRequest = 5,
    /// <summary>
    /// Guest to host, payload uint64: how often applications asked that the machine be not put to sleep. Sent on each change, and with
    /// each answer to <see cref="Query"/> unless it is 0.
    /// </summary>
    SleepHolds = 6,
    /// <summary>Guest to host, payload text (empty: all is well; else what went wrong with a hook): the answer to <see cref="Prepare"/>.</summary>
    Prepared = 7,
    /// <summary>Guest to host, no payload: after <see cref="Restore"/>, clock, entropy and identity are taken over. What answers a <see cref="Query"/> follows.</summary>
    Restored = 8,
    /// <summary>Host to guest, no payload: send a <see cref="Status"/>. The first thing a host says after it connected.</summary>
    Query = 64,
    /// <summary>Host to guest, payload <see cref="GuestConfiguration"/> (JSON): set up and run the entrypoint. Sent once, in answer to a status "waiting".</summary>
    Configure = 65,
    /// <summary>Host to guest, payload int32 signal number: deliver it to the entrypoint.</summary>
    Signal = 66,
    /// <summary>
    /// Host to guest, payload <see cref="ResumeNotice"/> (binary): the machine slept, or was captured and runs on; set the clock, mix in
    /// the entropy, let go what <see cref="Prepare"/> held.
    /// </summary>
    Resumed = 67,
    /// <summary>Host to guest, no payload: unmount and power off.</summary>
    PowerOff = 68,
    /// <summary>Host to guest, payload uint32 milliseconds that hooks may take: memory is about to be captured. Answered with <see cref="Prepared"/>.</summary>
    Prepare = 69,
    /// <summary>Host to guest, payload <see cref="GuestRestore"/> (JSON): this machine goes on from a captured memory.</summary>
    Restore = 71,
    /// <summary>Host to guest, payload <see cref="ForkOutcome"/> (JSON): what became of a <see cref="ForkRequest"/>; the parent's side.</summary>
    ForkDone = 72,
    /// <summary>Host to guest, payload <see cref="GuestProtocol.ForkChild"/> (JSON): how a child stands. Sent on each change.</summary>
    ForkChild = 73,
    /// <summary>Host to guest, payload <see cref="TemplateOutcome"/> (JSON): a <see cref="TemplateRequest"/> failed. One that succeeds never returns in its source.</summary>
    TemplateDone = 74,
    /// <summary>Host to guest, payload uint32 milliseconds: the machine is put to sleep after them.</summary>
    SleepNotice = 75,
}
