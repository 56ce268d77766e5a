namespace Wisp.Machines.Qemu.Vmms;

/// <summary>What a VMM boots.</summary>
/// <param name="Kernel">Path of the kernel.</param>
/// <param name="Initramfs">Path of the initramfs.</param>
/// <param name="Mac">The guest's MAC address, or null when it has no network.</param>
internal sealed record VmmBoot(string Kernel, string Initramfs, string? Mac);
