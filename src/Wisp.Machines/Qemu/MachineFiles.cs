using Wisp.Machines.Qemu.Vmms;

namespace Wisp.Machines.Qemu;

/// <summary>The files of a machine. Its directory belongs to root; the VMM reaches none of it by name.</summary>
internal sealed record MachineFiles(string Directory)
{
    /// <summary>What the engine knows of the machine. It is there from just before the guest's first instruction: without it, none has run.</summary>
    public string Record => Path.Combine(Directory, "machine.json");
    public string Console => Path.Combine(Directory, Consoles.ConsoleLog.FileName);

    /// <summary>Its VMM.</summary>
    public VmmFiles Vmm { get; } = new(Path.Combine(Directory, "vmm"));
}
