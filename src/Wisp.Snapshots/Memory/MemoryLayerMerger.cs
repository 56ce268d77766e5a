using Microsoft.Win32.SafeHandles;
using Wisp.Snapshots.Files;

namespace Wisp.Snapshots.Memory;

/// <summary>Makes one layer of several.</summary>
public static class MemoryLayerMerger
{
    // Between two looks at the cancellation.
    private const int ChunkBytes = 64 * 1024 * 1024;

    /// <summary>Writes a layer that holds what is visible of a stack of layers.</summary>
    /// <param name="memoryBytes">Guest RAM, in bytes.</param>
    /// <param name="layers">Bottom first.</param>
    /// <param name="path">The file to write; it must not exist. The pages are packed by address.</param>
    /// <param name="cancellation">Gives up and deletes the file.</param>
    /// <returns>The new layer, or why it could not be written; then there is no file.</returns>
    public static Result<MemoryLayer> Merge(long memoryBytes, IReadOnlyList<MemoryLayer> layers, string path, CancellationToken cancellation)
    {
        var map = MemoryMap.Compose(memoryBytes, layers);
        var sources = new SafeFileHandle?[layers.Count];
        var torn = false;
        try
        {
            using var target = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            torn = true;
            var extents = new List<MemoryExtent>(map.Runs.Count);
            var end = 0L;
            foreach (var run in map.Runs)
            {
                var source = sources[run.Layer] ??= File.OpenHandle(layers[run.Layer].Path);
                Copy(source, layers[run.Layer].Path, run.FileOffset, target.SafeFileHandle, path, end, run.Length, cancellation);
                // What lies one behind the other in guest RAM does so in this file, too.
                if (extents.Count > 0 && extents[^1].End == run.Address)
                {
                    extents[^1] = extents[^1] with { Length = extents[^1].Length + run.Length };
                }
                else
                {
                    extents.Add(new MemoryExtent(run.Address, run.Length, end));
                }

                end += run.Length;
            }

            torn = false;
            return new MemoryLayer(path, extents);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SnapshotErrors.CannotWrite(path, exception);
        }
        finally
        {
            foreach (var source in sources)
            {
                source?.Dispose();
            }

            if (torn)
            {
                File.Delete(path);
            }
        }
    }

    private static void Copy(
        SafeFileHandle from, string fromPath, long fromOffset, SafeFileHandle to, string toPath, long toOffset, long length, CancellationToken cancellation)
    {
        while (length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var copied = Posix.CopyRange(from, fromOffset, to, toOffset, Math.Min(length, ChunkBytes));
            if (copied is -Posix.CrossDevice or -Posix.InvalidArgument or -Posix.NoSuchCall or -Posix.NotSupported)
            {
                copied = CopyThroughMemory(from, fromOffset, to, toOffset, length);
            }

            if (copied <= 0)
            {
                throw copied == 0 ? new EndOfStreamException($"It ends too early : '{fromPath}'") : Posix.Failure(toPath, (int)-copied);
            }

            (fromOffset, toOffset, length) = (fromOffset + copied, toOffset + copied, length - copied);
        }
    }

    // Between filesystems that cannot do it in the kernel.
    private static long CopyThroughMemory(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length)
    {
        var buffer = new byte[Math.Min(length, 1024 * 1024)];
        var read = RandomAccess.Read(from, buffer, fromOffset);
        RandomAccess.Write(to, buffer.AsSpan(0, read), toOffset);
        return read;
    }
}
