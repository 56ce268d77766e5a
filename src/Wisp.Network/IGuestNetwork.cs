using Microsoft.Win32.SafeHandles;

namespace Wisp.Network;

/// <summary>
/// The node's guest network: one tap per machine in the host, no bridge, routed /32 addresses, outbound NAT, and nothing else
/// allowed: a guest reaches neither the host's services, nor the API, nor other guests but those of its own group where that is set.
/// </summary>
public interface IGuestNetwork
{
    /// <summary>
    /// Sets up what all machines share (forwarding, the gateway's address, our own nftables table). Repeating it is harmless, and
    /// it keeps the interfaces that adopted machines still use.
    /// </summary>
    Task<Result> StartAsync(CancellationToken cancellation);

    /// <summary>What the interface of a slot is or will be: it follows from the slot alone, nothing is touched.</summary>
    /// <param name="slot">0 … <see cref="Capacity"/> - 1.</param>
    GuestInterface Describe(int slot);

    /// <summary>
    /// Creates (or finds again, after a restart) the interface of a slot.
    /// </summary>
    /// <param name="slot">A small number, 0 … <see cref="Capacity"/> - 1, unique among the node's machines; address, MAC and device name follow from it.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<GuestInterface>> AttachAsync(int slot, CancellationToken cancellation);

    /// <summary>Removes the interface of a slot; a missing one is success.</summary>
    Task<Result> DetachAsync(int slot, CancellationToken cancellation);

    /// <summary>Whether guests of one group reach each other.</summary>
    bool IsPrivate { get; }

    /// <summary>Puts guests into groups, or out of the one that they are in; nothing happens where guests do not reach each other.</summary>
    /// <param name="guests">Slots, and what group each is in from now on, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result> RegroupAsync(IReadOnlyCollection<(int Slot, Guid? Group)> guests, CancellationToken cancellation);

    /// <summary>
    /// The machine of a slot has ended and will come back when it is called. Where other guests may call it, the interface stays, or is
    /// made, and what they send waits in it; else it is removed.
    /// </summary>
    /// <param name="slot">The slot.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result> RestAsync(int slot, CancellationToken cancellation);

    /// <summary>The end of an interface in which packets wait, for the machine that takes them; null when there is none.</summary>
    /// <param name="slot">The slot.</param>
    SafeFileHandle? TakeHeld(int slot);

    /// <summary>Keeps the packets that wait for a slot until <see cref="Replay"/>: its machine does not know yet that they are for it.</summary>
    /// <param name="slot">The slot.</param>
    void Keep(int slot);

    /// <summary>Sends a slot's machine what was kept for it, if anything was.</summary>
    /// <param name="slot">The slot.</param>
    void Replay(int slot);

    /// <summary>Waits until what is sent to a slot's machine, which has just taken the interface, comes there; not for long.</summary>
    Task ReadyAsync(int slot, CancellationToken cancellation);

    /// <summary>What went through the interface of a slot; null while there is none.</summary>
    InterfaceTraffic? ReadTraffic(int slot);

    /// <summary>Removes everything that <see cref="StartAsync"/> and <see cref="AttachAsync"/> made.</summary>
    Task<Result> RemoveAsync(CancellationToken cancellation);

    /// <summary>How many interfaces the node's subnet has room for.</summary>
    int Capacity { get; }
}
