using Wisp.Snapshots;

namespace Wisp.Machines;

/// <summary>
/// Makes microVMs. Everything above this interface is free of the engine's words, so that a second engine can come.
/// Thread-safe.
/// </summary>
public interface IMachineEngine
{
    /// <summary>What the engine is and how it was chosen.</summary>
    EngineDescription Description { get; }

    /// <summary>
    /// Starts a machine and returns once its process runs and can be spoken to; the guest boots on meanwhile
    /// (<see cref="IMachine.Events"/>).
    /// </summary>
    /// <param name="specification">What to start.</param>
    /// <param name="cancellation">Gives up, leaving nothing behind.</param>
    /// <returns>
    /// The machine, or <see cref="ErrorCode.OperationFailed"/> with the engine's own words;
    /// <see cref="ErrorCode.GuestMemoryTooSmall"/> when the guest cannot boot in that much memory.
    /// </returns>
    Task<Result<IMachine>> StartAsync(MachineSpecification specification, CancellationToken cancellation);

    /// <summary>
    /// Has a frozen machine go on, as itself or as somebody else (<see cref="MachineRestore.Notice"/>), and returns once its virtual CPUs
    /// run; where it has a new identity, once it has taken that over, since before it what is sent to its new address would be lost. This is the wake path of what sleeps deeply and the start path of every clone. What was so when it was captured (entrypoint
    /// started, ports open) is reported again.
    /// </summary>
    /// <param name="specification">What it is now. Memory and virtual CPUs are those it was captured with.</param>
    /// <param name="restore">What it is woken from, made with the same <see cref="DescribeCompatibilityAsync"/>.</param>
    /// <param name="cancellation">Gives up, leaving nothing behind.</param>
    /// <returns>The machine, running; or why not, as with <see cref="StartAsync"/>.</returns>
    Task<Result<IMachine>> RestoreAsync(MachineSpecification specification, MachineRestore restore, CancellationToken cancellation);

    /// <summary>What a frozen machine must have in common with this engine to be restored by it.</summary>
    /// <param name="kernel">The kernel that guests boot.</param>
    /// <param name="initramfs">Their initramfs.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Compatibility> DescribeCompatibilityAsync(string kernel, string initramfs, CancellationToken cancellation);

    /// <summary>Says that machines of this shape are likely to be restored, so that what takes long can be got ready. Never starts a guest.</summary>
    /// <param name="memoryMib">Guest RAM in MiB.</param>
    /// <param name="vcpus">Virtual CPUs.</param>
    void Expect(int memoryMib, int vcpus);

    /// <summary>
    /// Takes over a machine that an earlier process started, asleep or awake, from what is in its directory. The guest does not notice.
    /// </summary>
    /// <param name="directory">The machine's directory (<see cref="MachineSpecification.Directory"/>).</param>
    /// <param name="cancellation">Gives up; the machine stays as it is.</param>
    /// <returns>
    /// The machine, or <see cref="ErrorCode.NotFound"/> when no such machine runs any more. On any failure nothing of it is left: a
    /// machine that does not answer is ended.
    /// </returns>
    Task<Result<IMachine>> AdoptAsync(string directory, CancellationToken cancellation);
}
