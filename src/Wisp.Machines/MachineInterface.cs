using Microsoft.Win32.SafeHandles;

namespace Wisp.Machines;

/// <summary>The host side of a machine's network interface.</summary>
/// <param name="TapName">An existing persistent tap device, at most 15 characters.</param>
/// <param name="Mac">The guest's MAC address, e.g. <c>12:b0:0a:40:00:02</c>.</param>
public sealed record MachineInterface(string TapName, string Mac)
{
    /// <summary>The tap's host end where somebody is attached to it already: the machine takes it over, with what waits in it.</summary>
    public SafeFileHandle? Held { get; init; }
}
