using Wisp.Guest.Native;

namespace Wisp.Guest.Snapshots;

/// <summary>
/// Keeps applications off all processors while memory is captured. A machine that is restored goes on in the middle of whatever each
/// processor did; the one that init runs on turns to the host's frame at once, but on the others an application would run on with
/// another machine's clock, random numbers and address. So each of them is kept by a thread that goes before every application and
/// spins. Freezing the applications (the cgroup freezer, SIGSTOP) would do as well, but they would see it: system calls that wait end
/// with EINTR.
/// </summary>
internal sealed unsafe class ProcessorPark
{
    private const int StackBytes = 128 * 1024;

    // The kernel gives every twentieth part of a second to others, lest a thread that spins locks the machine up.
    private const string Throttle = "/proc/sys/kernel/sched_rt_runtime_us";

    private readonly ulong _online;
    private volatile int _round;
    private ulong _held;

    /// <summary>Asks which processors there are, which the machine does not change.</summary>
    public ProcessorPark()
    {
        ulong online = 0;
        // SAFETY: 64 processors at most, and the call is told so.
        _ = Libc.sched_getaffinity(0, sizeof(ulong), &online);
        _online = online;
    }

    /// <summary>How long a processor is held when nobody lets go: the host may have given up.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether processors are held.</summary>
    public bool IsHeld => _held != 0;

    /// <summary>Takes all processors but the one this thread runs on, and stays on that one.</summary>
    public void Hold()
    {
        if (IsHeld || (_online & (_online - 1)) == 0)
        {
            return;
        }

        Descriptor.WriteText(Throttle, "-1");
        var own = 1ul << Libc.sched_getcpu();
        _held = _online & ~own;
        var round = _round;
        // Threads that were started on a processor that is spun on would never run, so all are where they belong before any spins.
        using var places = new CountdownEvent(System.Numerics.BitOperations.PopCount(_held));
        for (var left = _held; left != 0; left &= left - 1)
        {
            var processor = left & (~left + 1);
            new Thread(() => Spin(processor, round, places), StackBytes) { IsBackground = true }.Start();
        }

        _ = Libc.sched_setaffinity(0, sizeof(ulong), &own);
        places.Wait();
    }

    /// <summary>Lets applications run again.</summary>
    public void Release()
    {
        if (!IsHeld)
        {
            return;
        }

        _round++;
        _held = 0;
        var all = _online;
        // SAFETY: the mask lives through the call.
        _ = Libc.sched_setaffinity(0, sizeof(ulong), &all);
    }

    /// <summary>What can wait until everything runs again.</summary>
    public void Tidy()
    {
        if ((_online & (_online - 1)) != 0)
        {
            Descriptor.WriteText(Throttle, "950000");
        }
    }

    private void Spin(ulong processor, int round, CountdownEvent places)
    {
        // SAFETY: the mask lives through the call.
        _ = Libc.sched_setaffinity(0, sizeof(ulong), &processor);
        Priority.BeforeApplications();
        var until = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        places.Signal();
        while (_round == round && Environment.TickCount64 < until)
        {
            Thread.SpinWait(16);
        }
    }
}
