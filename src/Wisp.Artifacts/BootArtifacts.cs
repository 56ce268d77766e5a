namespace Wisp.Artifacts;

/// <summary>What every guest boots from.</summary>
/// <param name="KernelRelease">The kernel's release, e.g. <c>6.1.0-56-cloud-amd64</c>.</param>
/// <param name="Kernel">Path of the uncompressed ELF kernel (QEMU enters it by PVH).</param>
/// <param name="Initramfs">Path of the initramfs: <c>wisp-init</c> and the modules it loads.</param>
public sealed record BootArtifacts(string KernelRelease, string Kernel, string Initramfs);
