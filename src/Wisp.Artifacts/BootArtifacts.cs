namespace Wisp.Artifacts;

/// <summary>What every guest boots from.</summary>
/// <param name="Kernel">Path of the uncompressed ELF kernel (QEMU enters it by PVH, and nothing is unpacked at each boot).</param>
/// <param name="Initramfs">Path of the initramfs: <c>wisp-init</c>.</param>
public sealed record BootArtifacts(string Kernel, string Initramfs);
