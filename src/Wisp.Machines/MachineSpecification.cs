using Wisp.GuestProtocol;

namespace Wisp.Machines;

/// <summary>What a machine is made of.</summary>
public sealed record MachineSpecification
{
    /// <summary>Unique id; the platform gives the instance's uuid.</summary>
    public required Guid Id { get; init; }

    /// <summary>The machine's own directory. The engine owns what is in it, the console log apart, which outlives the machine.</summary>
    public required string Directory { get; init; }

    /// <summary>Guest RAM in MiB.</summary>
    public required int MemoryMib { get; init; }

    /// <summary>Virtual CPUs, 1 or more.</summary>
    public required int Vcpus { get; init; }

    /// <summary>
    /// How much of the processors it gets when there are not enough for all: twice as much as one with half of it. 1 to 10 000.
    /// </summary>
    public int CpuShare { get; init; } = 100;

    /// <summary>The kernel to boot: an uncompressed ELF image with a PVH entry.</summary>
    public required string Kernel { get; init; }

    /// <summary>The initramfs with wisp-init and the modules it loads.</summary>
    public required string Initramfs { get; init; }

    /// <summary>The root filesystem, an erofs image, attached read-only.</summary>
    public required string RootFilesystem { get; init; }

    /// <summary>The network interface; null for a machine without one.</summary>
    public MachineInterface? Interface { get; init; }

    /// <summary>What the guest is told (its wall clock is filled in by the engine when it is sent).</summary>
    public required GuestConfiguration Guest { get; init; }
}
