using Wisp.Guest.Native;

namespace Wisp.Guest;

/// <summary>Who goes first.</summary>
internal static unsafe class Priority
{
    private const int Fifo = 1, ResetOnFork = 0x40000000;

    /// <summary>
    /// Puts the calling thread before all applications (the lowest real-time priority is before every ordinary one), so that a frame
    /// that waits when the machine goes on is handled before they run. Not so its children, which are the applications.
    /// </summary>
    public static void BeforeApplications()
    {
        var priority = 1;
        // SAFETY: struct sched_param is one int.
        _ = Libc.sched_setscheduler(0, Fifo | ResetOnFork, &priority);
    }
}
