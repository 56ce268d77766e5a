using Microsoft.Win32.SafeHandles;
using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Qemu.Memory;

/// <summary>The file that captured pages go to, packed, and where each belongs.</summary>
internal sealed class PageFile : IDisposable
{
    private const int PageSize = 4096, ChunkSize = 1 << 20;

    // So many zero pages in a row are worth an extent more.
    private const int LongZeros = 16;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly byte[] _chunk = new byte[ChunkSize];
    private readonly List<List<MemoryExtent>> _passes = [];
    private long _end;

    public PageFile(string path)
    {
        _path = path;
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Appends pages; what an earlier pass has written of them no longer counts.</summary>
    /// <param name="memory">Where from.</param>
    /// <param name="ranges">Which, in order.</param>
    /// <param name="zerosBelow">True when what they lie on is zero: long runs of zeros are then left out.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="IOException">The VMM is gone, or the disk is full.</exception>
    public long Append(VmmMemory memory, IEnumerable<PageRange> ranges, bool zerosBelow)
    {
        var pass = new List<MemoryExtent>();
        _passes.Add(pass);
        var before = _end;
        foreach (var range in ranges)
        {
            for (var at = range.Start; at < range.End;)
            {
                var bytes = _chunk.AsSpan(0, (int)Math.Min(ChunkSize, range.End - at));
                memory.Read(at, bytes);
                if (zerosBelow)
                {
                    WriteWithoutZeros(pass, at, bytes);
                }
                else
                {
                    Write(pass, at, bytes);
                }

                at += bytes.Length;
            }
        }

        return _end - before;
    }

    /// <summary>Where the pages of the file belong.</summary>
    /// <param name="memoryBytes">Guest RAM, in bytes.</param>
    public IReadOnlyList<MemoryExtent> Extents(long memoryBytes) =>
        [.. MemoryMap.Compose(memoryBytes, [.. _passes.Select(extents => new MemoryLayer(_path, extents))])
            .Runs.Select(run => new MemoryExtent(run.Address, run.Length, run.FileOffset))];

    public void Dispose() => _file.Dispose();

    private void WriteWithoutZeros(List<MemoryExtent> pass, long address, ReadOnlySpan<byte> bytes)
    {
        var from = 0;
        var zeros = 0;
        for (var page = 0; page < bytes.Length; page += PageSize)
        {
            if (!bytes.Slice(page, PageSize).ContainsAnyExcept((byte)0))
            {
                zeros++;
                continue;
            }

            if (zeros >= LongZeros || zeros * PageSize == page)
            {
                Write(pass, address + from, bytes[from..(page - (zeros * PageSize))]);
                from = page;
            }

            zeros = 0;
        }

        Write(pass, address + from, bytes[from..(bytes.Length - (zeros * PageSize))]);
    }

    private void Write(List<MemoryExtent> pass, long address, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        RandomAccess.Write(_file, bytes, _end);
        if (pass is [.., var last] && last.Address + last.Length == address && last.FileOffset + last.Length == _end)
        {
            pass[^1] = last with { Length = last.Length + bytes.Length };
        }
        else
        {
            pass.Add(new MemoryExtent(address, bytes.Length, _end));
        }

        _end += bytes.Length;
    }
}
