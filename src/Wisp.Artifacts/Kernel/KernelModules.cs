using System.Buffers.Binary;
using System.Text;

namespace Wisp.Artifacts.Kernel;

/// <summary>Picks the modules a guest needs, each after those it depends on.</summary>
/// <param name="Boot">What every guest loads, in this order.</param>
/// <param name="Vsock">What a guest loads besides when an application asks for a vsock, in this order.</param>
internal sealed record KernelModules(IReadOnlyList<string> Boot, IReadOnlyList<string> Vsock)
{
    // Transport, disks, network, the agent's port, entropy; the root filesystem and its writable layer; /uk/libukp.
    private static readonly string[] Wanted = ["virtio_mmio", "virtio_blk", "virtio_net", "virtio_console", "virtio_rng", "erofs", "overlay", "fuse"];

    private static readonly string[] WantedForVsock = ["vsock_loopback"];

    /// <summary>All of them.</summary>
    public IEnumerable<string> All => Boot.Concat(Vsock);

    /// <summary>Finds their files.</summary>
    /// <param name="directory"><c>lib/modules/&lt;release&gt;</c>.</param>
    public static Result<KernelModules> Select(string directory)
    {
        var files = Directory.EnumerateFiles(directory, "*.ko", SearchOption.AllDirectories).ToDictionary(NameOf, StringComparer.Ordinal);
        var boot = Order(Wanted, files);
        return boot.Count > 0
            ? new KernelModules(boot, [.. Order(WantedForVsock, files).Except(boot, StringComparer.Ordinal)])
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

    /// <summary>
    /// A module without the signature at its end, which a guest would spend a seventh of its boot on (emulated) and which it does not
    /// insist on: apt has checked the whole package. Pure.
    /// </summary>
    public static ReadOnlyMemory<byte> WithoutSignature(ReadOnlyMemory<byte> module)
    {
        // The signature, struct module_signature (12 bytes; its last four are the signature's length, big endian), and these words.
        var words = "~Module signature appended~\n"u8;
        var end = module.Length - words.Length - sizeof(int);
        return end >= 0 && module.Span.EndsWith(words)
            && BinaryPrimitives.ReadUInt32BigEndian(module.Span[end..]) is var length && length <= (uint)Math.Max(end - 8, 0)
                ? module[..(end - 8 - (int)length)]
                : module;
    }

    private static List<string> Order(string[] wanted, Dictionary<string, string> files)
    {
        var order = new List<string>();
        foreach (var module in wanted)
        {
            // What is not there as a module is built in.
            Add(module, files, order);
        }

        return order;
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
