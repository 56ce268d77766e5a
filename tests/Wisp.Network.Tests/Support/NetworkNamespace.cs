using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Wisp.Network.Tests.Support;

/// <summary>
/// Runs a test on a thread in a network and a mount namespace of its own (unshare(2) concerns the calling thread alone). Everything
/// the test awaits goes on in that thread; all devices and rules are gone when it ends.
/// </summary>
internal static partial class NetworkNamespace
{
    private const int NewNetwork = 0x40000000, NewMounts = 0x00020000;
    private const ulong RecursivelyPrivate = 0x4000 | 0x40000;

    public static Task RunAsync(Func<Task> test)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                Pump(test);
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }) { IsBackground = true };
        thread.Start();
        return done.Task;
    }

    private static void Enter()
    {
        if (unshare(NewNetwork | NewMounts) != 0)
        {
            throw new UnauthorizedAccessException($"A network namespace needs root (errno {Marshal.GetLastPInvokeError()}).");
        }

        // /sys/class/net shows the namespace of who mounted it.
        if (mount("none", "/", null, RecursivelyPrivate, null) != 0 || mount("sysfs", "/sys", "sysfs", 0, null) != 0)
        {
            throw new IOException($"cannot mount /sys (errno {Marshal.GetLastPInvokeError()})");
        }
    }

    private static void Pump(Func<Task> test)
    {
        using var context = new OneThread();
        SynchronizationContext.SetSynchronizationContext(context);
        var running = test();
        var ended = running.ContinueWith(_ => context.End(), TaskScheduler.Default);
        context.Run();
        // Both are over, so nothing blocks; this passes on what went wrong.
        ended.GetAwaiter().GetResult();
        running.GetAwaiter().GetResult();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string? type, ulong flags, string? data);

    private sealed class OneThread : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Call, object? State)> _calls = [];

        public override void Post(SendOrPostCallback d, object? state) => _calls.Add((d, state));

        public void End() => _calls.CompleteAdding();

        public void Run()
        {
            foreach (var (call, state) in _calls.GetConsumingEnumerable())
            {
                call(state);
            }
        }

        public void Dispose() => _calls.Dispose();
    }
}
