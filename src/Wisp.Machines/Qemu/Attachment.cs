using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Wisp.Machines.Qmp;
using Wisp.Snapshots.Memory;

namespace Wisp.Machines.Qemu;

/// <summary>
/// Hands a VMM what it works on, by descriptor: the layers its RAM lies on, and files for fixed places. One message, however much it is;
/// wisp-preload in the VMM is the other side.
/// </summary>
internal sealed partial class Attachment : IDisposable
{
    /// <summary>Where the tap is.</summary>
    public const int TapPlace = 100;

    /// <summary>Where the root filesystem is.</summary>
    public const int DiskPlace = 102;

    /// <summary>Where the device state is read from.</summary>
    public const int DevicesPlace = 103;

    /// <summary>Wherever the console was opened.</summary>
    public const int ConsolePlace = -1;

    private const int MostPlaces = 8, Magic = 0x31505357, MessageSize = 16 + (MostPlaces * sizeof(int)), RunSize = 32;

    private readonly Socket _socket;
    private readonly int _number;

    private Attachment(Socket socket, int number) => (_socket, _number) = (socket, number);

    /// <summary>The most layers that one attachment can have.</summary>
    public static int MostLayers => Descriptors.MostPerMessage - MostPlaces - 1 - 4;

    /// <summary>Lays the line that descriptors are handed over on.</summary>
    public static async Task<Result<Attachment>> OpenAsync(QmpClient qmp, TimeSpan timeout, CancellationToken cancellation)
    {
        var (ours, theirs) = Descriptors.Pair();
        Attachment? made = null;
        try
        {
            var added = await qmp.ExecuteAsync("add-fd", null, theirs, timeout, cancellation);
            return added.Failed(out var error, out var answer) ? error : made = new Attachment(ours, answer.GetProperty("fd").GetInt32());
        }
        finally
        {
            theirs.Dispose();
            if (made is null)
            {
                ours.Dispose();
            }
        }
    }

    /// <summary>Lays RAM onto a map and puts files in their places. What cannot be opened is thrown at once, before the VMM has heard anything.</summary>
    /// <param name="qmp">The VMM.</param>
    /// <param name="memory">What RAM lies on from now on; null leaves it as it is.</param>
    /// <param name="placed">Files and their places.</param>
    /// <param name="timeout">What the VMM may take.</param>
    /// <param name="cancellation">Gives up before it has begun.</param>
    /// <returns>Where RAM is in the VMM.</returns>
    /// <exception cref="IOException">A layer cannot be opened.</exception>
    public Task<Result<ulong>> AttachAsync(
        QmpClient qmp, MemoryMap? memory, IReadOnlyList<(int Place, SafeFileHandle File)> placed, TimeSpan timeout, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            Send(memory, placed);
            return RunAsync(qmp, timeout);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return Task.FromResult<Result<ulong>>(Ended());
        }
    }

    public void Dispose() => _socket.Dispose();

    private static WispError Ended() => new(ErrorCode.OperationFailed, "The VMM ended while it was given its memory.", null, "vmm-start");

    private async Task<Result<ulong>> RunAsync(QmpClient qmp, TimeSpan timeout)
    {
        try
        {
            // Not to be given up: a message that lies there unread would be taken for the next one, and RAM laid onto what it was long ago.
            if ((await PreloadVerb.RunAsync(qmp, $"attach/{_number}", timeout, CancellationToken.None)).Failed(out var error))
            {
                return error;
            }

            // It is there: the verb has succeeded.
            var answer = new byte[16];
            if (await _socket.ReceiveAsync(answer, CancellationToken.None) == answer.Length)
            {
                return MemoryMarshal.Read<ulong>(answer);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Gone meanwhile.
        }

        return Ended();
    }

    private void Send(MemoryMap? memory, IReadOnlyList<(int Place, SafeFileHandle File)> placed)
    {
        using var table = OpenTable(memory?.Runs ?? []);
        var layers = new List<SafeFileHandle>();
        try
        {
            foreach (var layer in memory?.Layers ?? [])
            {
                layers.Add(File.OpenHandle(layer.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            }

            Span<byte> message = stackalloc byte[MessageSize];
            message.Clear();
            var words = MemoryMarshal.Cast<byte, int>(message);
            words[0] = Magic;
            words[1] = layers.Count;
            words[2] = placed.Count;
            for (var i = 0; i < placed.Count; i++)
            {
                words[4 + i] = placed[i].Place;
            }

            int[] descriptors =
            [
                (int)table.DangerousGetHandle(),
                .. layers.Select(layer => (int)layer.DangerousGetHandle()),
                .. placed.Select(pair => (int)pair.File.DangerousGetHandle()),
            ];
            Descriptors.Send(_socket.SafeHandle, message, descriptors);
        }
        finally
        {
            layers.ForEach(layer => layer.Dispose());
        }
    }

    // struct run of wisp-preload: address, length, offset, layer, padding.
    private static SafeFileHandle OpenTable(IReadOnlyList<MemoryRun> runs)
    {
        const int closeOnExec = 1;
        // SAFETY: the name is marshalled for the call.
        var table = new SafeFileHandle(memfd_create("wisp-runs", closeOnExec), ownsHandle: true);
        if (table.IsInvalid)
        {
            throw new IOException($"cannot make a file in memory (errno {Marshal.GetLastPInvokeError()})");
        }

        var bytes = new byte[runs.Count * RunSize];
        for (var i = 0; i < runs.Count; i++)
        {
            var words = MemoryMarshal.Cast<byte, long>(bytes.AsSpan(i * RunSize, RunSize));
            (words[0], words[1], words[2], words[3]) = (runs[i].Address, runs[i].Length, runs[i].FileOffset, runs[i].Layer);
        }

        RandomAccess.Write(table, bytes, 0);
        return table;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint memfd_create(string name, uint flags);
}
