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
    /// <summary>Host to guest, no payload: send a <see cref="Status"/>. The first thing a host says after it connected.</summary>
    Query = 64,
    /// <summary>Host to guest, payload <see cref="GuestConfiguration"/> (JSON): set up and run the entrypoint. Sent once, in answer to a status "waiting".</summary>
    Configure = 65,
    /// <summary>Host to guest, payload int32 signal number: deliver it to the entrypoint.</summary>
    Signal = 66,
    /// <summary>Host to guest, payload <see cref="ResumeNotice"/> (binary): the machine slept; set the clock, mix in the entropy.</summary>
    Resumed = 67,
    /// <summary>Host to guest, no payload: unmount and power off.</summary>
    PowerOff = 68,
}
