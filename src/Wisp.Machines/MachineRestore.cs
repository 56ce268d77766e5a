using Wisp.GuestProtocol;

namespace Wisp.Machines;

/// <summary>What a frozen machine is woken from.</summary>
public sealed record MachineRestore
{
    /// <summary>Its RAM.</summary>
    public required MachineMemory Memory { get; init; }

    /// <summary>The file with its device state, from a <see cref="IMachine.CaptureAsync"/> of an engine with the same compatibility.</summary>
    public required string DevicesPath { get; init; }

    /// <summary>What the guest is told before its application goes on; clock and entropy are filled in by the engine.</summary>
    public required GuestRestore Notice { get; init; }

    /// <summary>Called just before its first instruction: until then it is frozen as before, from then on what it was woken from is past.</summary>
    public Action? BeforeRun { get; init; }
}
