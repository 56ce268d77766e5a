using Wisp.GuestProtocol;

namespace Wisp.Machines.Agent;

/// <summary>A frame from a guest.</summary>
internal readonly record struct AgentMessage(FrameKind Kind, byte[] Payload);
