using Wisp.GuestProtocol;

namespace Wisp.Machines.Tests.Support;

/// <summary>A machine's specification with nothing special in it.</summary>
internal static class Specifications
{
    public static readonly Guid Id = Guid.Parse("11111111-2222-3333-4444-555555555555");

    public static MachineSpecification Plain(string directory = "/data/m") => new()
    {
        Id = Id,
        Directory = directory,
        MemoryMib = 256,
        Vcpus = 2,
        Kernel = "/boot/vmlinux",
        Initramfs = "/boot/initramfs",
        RootFilesystem = "/images/root.erofs",
        Guest = new GuestConfiguration { Argv = ["/bin/app"], Hostname = "web", WatchedPorts = [8080] },
    };
}
