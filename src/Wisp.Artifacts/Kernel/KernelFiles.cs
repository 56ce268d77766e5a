namespace Wisp.Artifacts.Kernel;

/// <summary>An unpacked kernel.</summary>
/// <param name="Release">Its release.</param>
/// <param name="Image">The ELF kernel.</param>
/// <param name="Modules">Directory of the modules guests need, and <c>order</c>, the order to load them in.</param>
internal sealed record KernelFiles(string Release, string Image, string Modules);
