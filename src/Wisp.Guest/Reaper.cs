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
    private readonly Lock _gate = new();
    private volatile int _status;
    private volatile bool _hasEnded;
    private int _hook;
    private int? _hookStatus;

    public Reaper(int application)
    {
        Fd = Libc.eventfd(0, Libc.CloseOnExec | Libc.NonBlock);
        _thread = new Thread(() => Reap(application), StackBytes) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Becomes readable when the application or a hook has ended.</summary>
    public int Fd { get; }

    /// <summary>Whether the application has ended.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Its wait status, once it has.</summary>
    public int Status => _status;

    /// <summary>Waits until there is no child left.</summary>
    public void Join() => _thread.Join();

    /// <summary>Starts a hook whose end is to be told.</summary>
    /// <param name="start">Gives its process, or minus errno.</param>
    /// <returns>0, or errno.</returns>
    public int Run(Func<int> start)
    {
        // It may have ended and been reaped before its number is known here.
        lock (_gate)
        {
            var pid = start();
            (_hook, _hookStatus) = (Math.Max(pid, 0), null);
            return Math.Max(-pid, 0);
        }
    }

    /// <summary>Takes the wait status of a hook that has ended; null when none has.</summary>
    public int? TakeHook()
    {
        Descriptor.Read(Fd, stackalloc byte[8]);
        lock (_gate)
        {
            var status = _hookStatus;
            _hookStatus = null;
            return status;
        }
    }

    /// <summary>Ends the hook and all that it started; nothing is told of it.</summary>
    public void KillHook()
    {
        lock (_gate)
        {
            if (_hook > 0)
            {
                // It leads a session, so a group, of its own; while it is not reaped, nobody else has its number.
                _ = Libc.kill(-_hook, Libc.SigKill);
            }

            (_hook, _hookStatus) = (0, null);
        }
    }

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
                _hasEnded = true;
                Wake();
            }
            else if (pid > 0)
            {
                OnReaped(pid, status);
            }
            else if (Libc.Errno != Libc.EIntr)
            {
                // No child is left; the application was one, so it has ended too.
                return;
            }
        }
    }

    private void OnReaped(int pid, int status)
    {
        lock (_gate)
        {
            if (pid != _hook)
            {
                return;
            }

            (_hook, _hookStatus) = (0, status);
        }

        Wake();
    }

    private void Wake() => Descriptor.Write(Fd, [1, 0, 0, 0, 0, 0, 0, 0]);
}
