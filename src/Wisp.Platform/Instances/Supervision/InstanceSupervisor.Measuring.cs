using Wisp.Gateway;
using Wisp.Machines;

namespace Wisp.Platform.Instances.Supervision;

internal sealed partial class InstanceSupervisor
{
    /// <summary>Processor time that its machine has used so far.</summary>
    public TimeSpan CpuTime => _machine is { State: not MachineState.Exited } machine && machine.ReadUsage() is { } usage ? usage.CpuTime : TimeSpan.Zero;

    /// <summary>What it uses and serves now.</summary>
    /// <param name="view">The instance as it is now.</param>
    public InstanceMeasurements Measure(InstanceView view)
    {
        var machine = _machine;
        var open = Backend.InFlight;
        // Nothing is forwarded to what is not awake: all that is open then waits, but for connections in which nothing is said.
        var held = Backend.State == BackendState.Awake ? 0 : Math.Max(0, open - Backend.Parked);
        return new InstanceMeasurements(
            view, machine is { State: not MachineState.Exited } ? machine.ReadUsage() : null, machine is null ? null : _fleet.Rooms.Network.ReadTraffic(_record.Slot), open, held,
            Backend.Total, Backend.WakeLatencies);
    }
}
