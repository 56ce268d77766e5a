using System.Runtime.InteropServices;

namespace Wisp.Daemon;

/// <summary>Signals that a daemon acts upon and must not end by, also while one takes the place of another.</summary>
internal static partial class Signals
{
    private const nint Default = 0;
    private const nint Ignored = 1;

    /// <summary>Acts upon one from now on.</summary>
    public static PosixSignalRegistration Listen(PosixSignal number, Action act)
    {
        // The runtime leaves alone what is ignored from the start, as it is after a restart.
        // SAFETY: signal(2) with two integers; what it sets is no function of ours.
        _ = signal(Number(number), Default);
        return PosixSignalRegistration.Create(number, context =>
        {
            context.Cancel = true;
            act();
        });
    }

    /// <summary>Ignores one, which execve(2) leaves so, where a handler does not stay: the new program is not ended by it before it listens.</summary>
    public static void Ignore(PosixSignal number) => _ = signal(Number(number), Ignored);

    // The runtime has names of its own, below zero, for those that all systems have.
    private static int Number(PosixSignal number) => number == PosixSignal.SIGHUP ? 1 : (int)number;

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);
}
