using System.Text;

namespace Wisp.Artifacts.Kernel;

/// <summary>Picks the modules a guest needs, each after those it depends on.</summary>
internal static class KernelModules
{
    // Transport, disks, network, the agent's port, entropy; the root filesystem and its writable layer.
    private static readonly string[] Wanted = ["virtio_mmio", "virtio_blk", "virtio_net", "virtio_console", "virtio_rng", "erofs", "overlay"];

    /// <summary>Paths in the order to load them.</summary>
    /// <param name="directory"><c>lib/modules/&lt;release&gt;</c>.</param>
    public static Result<IReadOnlyList<string>> Select(string directory)
    {
        var files = Directory.EnumerateFiles(directory, "*.ko", SearchOption.AllDirectories).ToDictionary(NameOf, StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var module in Wanted)
        {
            // What is not there as a module is built in.
            Add(module, files, order);
        }

        return order.Count > 0
            ? order
            : new WispError(ErrorCode.OperationFailed, $"There are no kernel modules in {directory}.", "Use Debian 12's cloud kernel.");
    }

    /// <summary>What a module depends on, as its <c>.modinfo</c> section says. Pure.</summary>
    public static IReadOnlyList<string> Dependencies(ReadOnlySpan<byte> module)
    {
        var start = module.IndexOf("\0depends="u8);
        if (start < 0)
        {
            return [];
        }

        var value = module[(start + "\0depends="u8.Length)..];
        return Encoding.ASCII.GetString(value[..value.IndexOf((byte)0)]).Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    private static void Add(string module, Dictionary<string, string> files, List<string> order)
    {
        if (!files.TryGetValue(module, out var file) || order.Contains(file))
        {
            return;
        }

        foreach (var dependency in Dependencies(File.ReadAllBytes(file)))
        {
            Add(dependency.Replace('-', '_'), files, order);
        }

        order.Add(file);
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file).Replace('-', '_');
}
