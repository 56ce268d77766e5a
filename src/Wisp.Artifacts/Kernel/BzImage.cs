using System.Buffers.Binary;
using Wisp.Tools;

namespace Wisp.Artifacts.Kernel;

/// <summary>
/// Takes the ELF kernel out of a bzImage (Linux, "The Linux/x86 Boot Protocol", payload_offset and payload_length), because QEMU's
/// microvm enters an ELF kernel directly and then nothing has to be decompressed at each boot.
/// </summary>
internal static class BzImage
{
    // LZ4's "legacy frame", which the kernel build uses.
    private static ReadOnlySpan<byte> Lz4Legacy => [0x02, 0x21, 0x4C, 0x18];

    private static ReadOnlySpan<byte> Elf => [0x7F, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>Unpacks it.</summary>
    public static async Task<Result> UnpackAsync(string bzImage, string elf, IToolRunner tools, CancellationToken cancellation)
    {
        var image = await File.ReadAllBytesAsync(bzImage, cancellation);
        if (Payload(image) is not { } payload || !image.AsSpan(payload).StartsWith(Lz4Legacy))
        {
            return new WispError(ErrorCode.OperationFailed, $"{bzImage} is not a kernel with an LZ4 payload.", "Use Debian 12's cloud kernel.");
        }

        var packed = elf + ".lz4";
        try
        {
            await File.WriteAllBytesAsync(packed, image.AsMemory(payload), cancellation);
            // The payload ends with the unpacked size, which is no part of the stream: lz4 unpacks everything and then complains.
            // So what counts is what came out.
            if ((await tools.RunAsync(new ToolCommand("lz4", "-d", "-q", "-f", packed, elf), null, cancellation)).Failed(out var error, out var output))
            {
                return error;
            }

            var size = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(payload)[^4..]);
            return File.Exists(elf) && new FileInfo(elf).Length == size && StartsWithElf(elf)
                ? Result.Success
                : new WispError(ErrorCode.OperationFailed, $"Cannot unpack {bzImage}: {output.LastLine}", "See that the disk has room.", "disk-full");
        }
        finally
        {
            File.Delete(packed);
        }
    }

    /// <summary>Where the payload is; null when this is no bzImage. Pure.</summary>
    public static Range? Payload(ReadOnlySpan<byte> image)
    {
        if (image.Length < 0x250 || !image[0x202..0x206].SequenceEqual("HdrS"u8))
        {
            return null;
        }

        var start = ((image[0x1F1] + 1) * 512L) + BinaryPrimitives.ReadUInt32LittleEndian(image[0x248..]);
        var end = start + BinaryPrimitives.ReadUInt32LittleEndian(image[0x24C..]);
        return end <= image.Length && end - start > 8 ? (int)start..(int)end : null;
    }

    private static bool StartsWithElf(string file)
    {
        Span<byte> magic = stackalloc byte[4];
        using var stream = File.OpenRead(file);
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual(Elf);
    }
}
