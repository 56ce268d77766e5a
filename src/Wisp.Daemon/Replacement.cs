using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using Wisp.Gateway.Listening;

namespace Wisp.Daemon;

/// <summary>
/// Lets a running wispd be followed by a new one of the same process id (SIGUSR2), which takes its sockets over: an upgrade or a restart that
/// nobody who connects hears of. What is started is the program as it lies on the disk now, with the same arguments.
/// </summary>
internal sealed partial class Replacement : IDisposable
{
    /// <summary>The signal that asks for it.</summary>
    public const int Signal = 12;

    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _registration;

    /// <summary>Listens for the signal from now on; before, it would end the process.</summary>
    public Replacement() => _registration = Signals.Listen((PosixSignal)Signal, () => _wanted.TrySetResult());

    /// <summary>Whether somebody has asked for it.</summary>
    public bool IsWanted => _wanted.Task.IsCompleted;

    /// <summary>Waits until it is wanted (true) or the daemon is to end (false).</summary>
    public async Task<bool> UntilWantedAsync(CancellationToken end)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = end.Register(ended.SetResult);
        return await Task.WhenAny(_wanted.Task, ended.Task) == _wanted.Task;
    }

    /// <summary>Becomes the new one; returns only if that cannot be. For who has let go of everything else.</summary>
    public unsafe Result Become(ListenSockets sockets)
    {
        sockets.Leave();
        Signals.Ignore((PosixSignal)Signal);
        Signals.Ignore(PosixSignal.SIGHUP);
        using var arguments = new Strings(Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0', StringSplitOptions.None)[..^1]);
        using var variables = new Strings(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(pair => $"{pair.Key}={pair.Value}"));
        var program = Environment.ProcessPath!;
        // SAFETY: both arrays and what they point to live until this returns, and end with null as execve(2) wants it.
        _ = execve(program, arguments.Pointer, variables.Pointer);
        return new WispError(
            ErrorCode.OperationFailed, $"Cannot start {program} anew: {Marshal.GetLastPInvokeErrorMessage()}. This wispd has ended; machines run on.", "Start it: wisp up");
    }

    public void Dispose() => _registration.Dispose();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int execve(string path, byte** arguments, byte** variables);

    // An array of C strings.
    private sealed unsafe class Strings : IDisposable
    {
        private readonly int _count;

        public Strings(IEnumerable<string> texts)
        {
            var all = texts.ToArray();
            _count = all.Length;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(all[i]);
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (var i = 0; i < _count; i++)
            {
                Marshal.FreeCoTaskMem((nint)Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }
}
