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
