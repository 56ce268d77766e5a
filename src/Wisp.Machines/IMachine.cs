using System.Threading.Channels;

namespace Wisp.Machines;

/// <summary>
/// One running or paused microVM. Thread-safe. Disposing lets go of it (sockets, watchers) and leaves it running, which is
/// what a stopping wispd wants.
/// </summary>
public interface IMachine : IAsyncDisposable
{
    /// <summary>The id it was made with.</summary>
    Guid Id { get; }

    /// <summary>What its virtual CPUs do, as last heard from the VMM.</summary>
    MachineState State { get; }

    /// <summary>Process id of the VMM on the host.</summary>
    int ProcessId { get; }

    /// <summary>
    /// What happens, in order, for one reader; ends after <see cref="MachineEvent.Ended"/>. After an adoption it starts with
    /// what is already so (entrypoint started, ports open).
    /// </summary>
    ChannelReader<MachineEvent> Events { get; }

    /// <summary>
    /// True once its guest has asked to be forked or to become a template, also when nobody has heard it yet. What a guest asked before it
    /// said that it is prepared is known when its capture is done.
    /// </summary>
    bool HasAsked { get; }

    /// <summary>Stops the virtual CPUs, keeping memory. Pausing a paused machine is success.</summary>
    Task<Result> PauseAsync(CancellationToken cancellation);

    /// <summary>
    /// Runs the virtual CPUs again. The guest gets the wall clock before its own code runs on. This is the wake path: no disk,
    /// no store, no new process. Resuming a running machine is success.
    /// </summary>
    Task<Result> ResumeAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes what the machine is at one moment into files: the pages that differ from the layers its memory keeps, and its devices. The
    /// machine runs or is paused; it is left as the request says, as it was when it fails.
    /// </summary>
    /// <returns>What was written; or <see cref="ErrorCode.OperationFailed"/> naming the path, when there is no room for it.</returns>
    Task<Result<MachineCapture>> CaptureAsync(CaptureRequest request, CancellationToken cancellation);

    /// <summary>
    /// Lays the paused machine's RAM onto layers with the very same content, written by a capture since which it has not run. What it held
    /// in memory of its own is given back to the host, and is read from the files when it is touched again.
    /// </summary>
    Task<Result> RebaseAsync(MachineMemory memory, CancellationToken cancellation);

    /// <summary>Says that the layers it lies on are kept by others from now on (a draft was committed), so that captures refer to them.</summary>
    /// <param name="memory">The same layers at the paths where they are kept.</param>
    void Keep(MachineMemory memory);

    /// <summary>How long it took to have it.</summary>
    MachineTimings Timings { get; }

    /// <summary>What its RAM lies on.</summary>
    MachineMemory Memory { get; }

    /// <summary>Tells the guest something that needs no answer; it waits in a queue while the machine is paused.</summary>
    Task<Result> TellAsync(GuestNews news, CancellationToken cancellation);

    /// <summary>Sends a signal to the entrypoint (15 to ask it to stop). A paused machine must be resumed first.</summary>
    /// <param name="signal">Linux signal number.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result> SignalAsync(int signal, CancellationToken cancellation);

    /// <summary>Ends the machine now. When it returns, the process is gone and <see cref="MachineEvent.Ended"/> is on its way.</summary>
    Task KillAsync();

    /// <summary>
    /// Changes its share of the processors from now on, see <see cref="MachineSpecification.CpuShare"/>. On a host without control groups,
    /// which was said when it was made, this does nothing.
    /// </summary>
    Result SetCpuShare(int share);

    /// <summary>Memory and CPU of the VMM; null when the machine is gone.</summary>
    MachineUsage? ReadUsage();

    /// <summary>
    /// Whether it works at this moment: one of its threads runs, waits for a processor or for the disk. Halted virtual CPUs do none of that.
    /// </summary>
    bool IsWorking { get; }
}
