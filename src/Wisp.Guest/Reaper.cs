using Wisp.Guest.Native;

namespace Wisp.Guest;

/// <summary>
/// Waits for every child, orphans that fell to PID 1 included, so that none stays a zombie. A thread of its own that blocks in
/// waitpid: SIGCHLD could be taken by any thread of the runtime.
/// </summary>
internal sealed unsafe class Reaper
{
    private const int StackBytes = 128 * 1024;

    private readonly Thread _thread;
    private volatile int _status;

    public Reaper(int application)
    {
        Fd = Libc.eventfd(0, Libc.CloseOnExec | Libc.NonBlock);
        _thread = new Thread(() => Reap(application), StackBytes) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Becomes readable when the application has ended.</summary>
    public int Fd { get; }

    /// <summary>Its wait status, once it has.</summary>
    public int Status => _status;

    /// <summary>Waits until there is no child left.</summary>
    public void Join() => _thread.Join();

    private void Reap(int application)
    {
        while (true)
        {
            int status;
            // SAFETY: the status lives through the call.
            var pid = Libc.waitpid(-1, &status, 0);
            if (pid == application)
            {
                _status = status;
                Descriptor.Write(Fd, [1, 0, 0, 0, 0, 0, 0, 0]);
            }
            else if (pid < 0 && Libc.Errno != Libc.EIntr)
            {
                // No child is left; the application was one, so it has ended too.
                return;
            }
        }
    }
}
