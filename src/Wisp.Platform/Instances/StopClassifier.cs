using Wisp.Machines;
using Wisp.Platform.Records;

namespace Wisp.Platform.Instances;

/// <summary>Turns the end of a machine into the stop fields of the platform API. Pure.</summary>
internal static class StopClassifier
{
    private const int ScaledToZero = 32;
    private const int Forced = 16;
    private const int User = 8;
    private const int Platform = 4;
    private const int Application = 2;
    private const int Kernel = 1;

    // stop_code: errno << 16 | shutdown path << 15 | init level << 8 | reason.
    private const int ApplicationRunning = 0x7F00;
    private const int OrderlyExit = 0x8100;
    private const int OutOfMemory = (12 << 16) | ApplicationRunning | 0x04;
    private const int InvalidOperation = ApplicationRunning | 0x03;
    private const int HardwareError = ApplicationRunning | 0x06;

    /// <summary>True when neither a user nor the platform wanted it to end.</summary>
    public static bool IsByItself(StopInfo? stop) => stop is not null && (stop.Reason & (User | Platform)) == 0;

    /// <summary>Asleep by policy or by hand, its state kept.</summary>
    public static StopInfo Standby { get; } = new(ScaledToZero | Platform | Application | Kernel, null, null, null);

    /// <summary>Suspended by a user though its policy is off.</summary>
    public static StopInfo UserSuspended { get; } = new(User | Platform | Kernel, null, null, "Suspended by a user; start resumes it.");

    /// <summary>It never ran: the platform could not start it.</summary>
    public static StopInfo StartFailed(WispError error) => new(Platform, null, error.Code == ErrorCode.NotFound ? 1 : 0, error.ToString());

    /// <summary>A machine ended while no daemon looked.</summary>
    public static StopInfo GoneMeanwhile(WispError error, StopRequest asked) =>
        new(By(asked) | Kernel, null, null, $"Its machine was gone when wispd came back: {error.Message}");

    /// <summary>It was stopped while it had no machine, so that its application could not be asked.</summary>
    /// <param name="asked">Who asked for it.</param>
    /// <param name="wasAsleep">False when it had not started yet.</param>
    public static StopInfo WithoutMachine(StopRequest asked, bool wasAsleep) =>
        new(By(asked) | Forced, null, null, wasAsleep ? "Stopped in its sleep: what it had in memory is gone." : "Stopped before it started.");

    /// <summary>A machine ended.</summary>
    /// <param name="exit">How.</param>
    /// <param name="asked">Who asked for it.</param>
    public static StopInfo Ended(MachineExit exit, StopRequest asked)
    {
        var by = By(asked);
        return exit.Cause switch
        {
            MachineExitCause.ApplicationExited => new(by | Application | Kernel, exit.ExitCode, OrderlyExit, exit.Detail),
            MachineExitCause.Killed => new(
                by | Forced | (exit.ExitCode is null ? 0 : Application | Kernel), exit.ExitCode, null, exit.Detail),
            MachineExitCause.OutOfMemory => new(
                by | Kernel, exit.ExitCode, OutOfMemory, exit.Detail ?? "The guest ran out of memory; give it more (memory_mb)."),
            MachineExitCause.KernelCrashed => new(by | Kernel, exit.ExitCode, InvalidOperation, exit.Detail ?? "The guest's kernel crashed."),
            _ => new(by | Kernel, exit.ExitCode, HardwareError, exit.Detail ?? "The VMM process died."),
        };
    }
    private static int By(StopRequest asked) => asked switch
    {
        StopRequest.User => User | Platform,
        StopRequest.Platform => Platform,
        _ => 0,
    };
}
