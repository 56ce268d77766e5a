using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Wisp.Platform.Instances.Sleep;

/// <summary>The node's processors.</summary>
internal sealed class Processors : IDisposable
{
    private readonly SafeFileHandle? _load = File.Exists("/proc/loadavg") ? File.OpenHandle("/proc/loadavg") : null;

    /// <summary>Whether more threads are ready to run than there are processors: proc(5), <c>/proc/loadavg</c>, field 4.</summary>
    public bool AreContended => Running() > Environment.ProcessorCount;

    public void Dispose() => _load?.Dispose();

    private int Running()
    {
        Span<byte> bytes = stackalloc byte[128];
        if (_load is null)
        {
            return 0;
        }

        var text = Encoding.ASCII.GetString(bytes[..RandomAccess.Read(_load, bytes, 0)]);
        return text.Split(' ') is [_, _, _, var threads, ..] && int.TryParse(threads.AsSpan(0, Math.Max(0, threads.IndexOf('/', StringComparison.Ordinal))), CultureInfo.InvariantCulture, out var running) ? running : 0;
    }
}
