using Wisp.Gateway;
using Wisp.Machines.Consoles;
using Wisp.Platform.Frozen;

namespace Wisp.Platform.Instances;

/// <summary>
/// Everything that can be done with instances. Thread-safe; operations on one instance are serialised, on different ones they
/// run side by side. A reference that leads nowhere is <see cref="ErrorCode.NotFound"/> ("No instance with uuid '…'").
/// </summary>
public interface IInstanceService
{
    /// <summary>Creates an instance and its replicas; all of them or none.</summary>
    Task<Result<IReadOnlyList<InstanceView>>> CreateAsync(CreateInstance request, CancellationToken cancellation);

    /// <summary>All instances, oldest first.</summary>
    IReadOnlyList<InstanceView> List();

    /// <summary>One instance.</summary>
    Result<InstanceView> Find(ResourceRef reference);

    /// <summary>Starts it, or wakes it. A running one is success.</summary>
    /// <param name="reference">Which one.</param>
    /// <param name="wait">How long to wait for running; zero does not, null is the platform's maximum.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    Task<Result<InstanceTransition>> StartAsync(ResourceRef reference, TimeSpan? wait, CancellationToken cancellation);

    /// <summary>
    /// Boots it whatever it could be restored from, once. What it sleeps in is dropped: this is the way out for one whose snapshot is
    /// damaged. One that has a machine must be stopped first.
    /// </summary>
    /// <param name="reference">Which one.</param>
    /// <param name="wait">As for <see cref="StartAsync"/>.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    Task<Result<InstanceTransition>> StartColdAsync(ResourceRef reference, TimeSpan? wait, CancellationToken cancellation);

    /// <summary>Begins to stop it and returns at once (state draining, stopping or stopped).</summary>
    Task<Result<InstanceTransition>> StopAsync(ResourceRef reference, StopOptions options, CancellationToken cancellation);

    /// <summary>Puts it to standby once nothing is in flight; returns when that is so or the drain time is over.</summary>
    /// <param name="reference">Which one.</param>
    /// <param name="drain">How long to wait for open requests; null is the platform's maximum.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    Task<Result<InstanceTransition>> SuspendAsync(ResourceRef reference, TimeSpan? drain, CancellationToken cancellation);

    /// <summary>
    /// Stops it by force if need be and removes it with everything that belongs to it. Where the node keeps deleted instances, its uuid
    /// still leads to what it was and to its console, until it is deleted once more or its time is up.
    /// </summary>
    Task<Result<InstanceTransition>> DeleteAsync(ResourceRef reference, DeleteOptions options, CancellationToken cancellation);

    /// <summary>Deletes it as usual.</summary>
    Task<Result<InstanceTransition>> DeleteAsync(ResourceRef reference, CancellationToken cancellation) =>
        DeleteAsync(reference, DeleteOptions.Usual, cancellation);

    /// <summary>Changes a property.</summary>
    Task<Result<InstanceView>> ChangeAsync(ResourceRef reference, PropertyChange change, CancellationToken cancellation);

    /// <summary>Waits for a state; <see cref="ErrorCode.TimedOut"/> names the state it is in instead.</summary>
    /// <param name="reference">Which one.</param>
    /// <param name="state">The state to wait for.</param>
    /// <param name="timeout">How long; zero just looks, null is without end.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    Task<Result<InstanceView>> WaitAsync(ResourceRef reference, InstanceState state, TimeSpan? timeout, CancellationToken cancellation);

    /// <summary>Connects to a port of it, which need not be published. One that sleeps is woken, and stays awake as long as the connection is there.</summary>
    /// <param name="reference">Which one.</param>
    /// <param name="port">The port inside the guest.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<GuestTunnel>> ConnectAsync(ResourceRef reference, int port, CancellationToken cancellation);

    /// <summary>What it uses and serves; looking does not wake it.</summary>
    Result<InstanceMeasurements> Measure(ResourceRef reference);

    /// <summary>Reads its console.</summary>
    Result<ConsoleSlice> ReadLog(ResourceRef reference, long offset, int limit);
}
