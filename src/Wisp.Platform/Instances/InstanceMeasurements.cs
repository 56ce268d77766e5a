using Wisp.Gateway;
using Wisp.Machines;
using Wisp.Network;

namespace Wisp.Platform.Instances;

/// <summary>What an instance uses and serves at one moment.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Machine">What its machine uses of the host; null while it has none.</param>
/// <param name="Traffic">What went through its interface; null while it has none.</param>
/// <param name="Open">Requests and connections that are open, held ones included.</param>
/// <param name="Held">Those of them that wait for it to wake.</param>
/// <param name="Total">Requests and connections since this wispd started.</param>
/// <param name="Wakes">How long its wakes took.</param>
public sealed record InstanceMeasurements(
    InstanceView Instance, MachineUsage? Machine, InterfaceTraffic? Traffic, int Open, int Held, long Total, Latencies Wakes);
