namespace Wisp.Platform;

/// <summary>What guests of this node boot from.</summary>
/// <param name="Kernel">Path of the kernel.</param>
/// <param name="Initramfs">Path of the initramfs.</param>
public sealed record BootFiles(string Kernel, string Initramfs);
