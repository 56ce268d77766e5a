using Wisp.Machines;

namespace Wisp.Platform.Instances;

/// <summary>A machine and how its application wants to be asked to stop.</summary>
internal sealed record LaunchedMachine(IMachine Machine, int StopSignal);
