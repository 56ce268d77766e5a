using Wisp.GuestProtocol;

namespace Wisp.Guest.Agent;

/// <summary>Sends a frame to the host.</summary>
internal delegate void FrameSender(FrameKind kind, ReadOnlySpan<byte> payload);
