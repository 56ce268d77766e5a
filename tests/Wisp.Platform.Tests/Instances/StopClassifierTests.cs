using Wisp.Machines;
using Wisp.Platform.Instances;

namespace Wisp.Platform.Tests.Instances;

/// <summary>The sums and samples that the platform API's text gives for stop_reason and stop_code.</summary>
public sealed class StopClassifierTests
{
    [Theory]
    [InlineData(MachineExitCause.ApplicationExited, 0, StopRequest.None, 3)]
    [InlineData(MachineExitCause.ApplicationExited, 143, StopRequest.User, 15)]
    [InlineData(MachineExitCause.ApplicationExited, 0, StopRequest.Platform, 7)]
    [InlineData(MachineExitCause.Killed, null, StopRequest.User, 28)]
    [InlineData(MachineExitCause.Killed, 137, StopRequest.User, 31)]
    [InlineData(MachineExitCause.OutOfMemory, 137, StopRequest.None, 1)]
    [InlineData(MachineExitCause.KernelCrashed, null, StopRequest.None, 1)]
    [InlineData(MachineExitCause.KernelCrashed, null, StopRequest.User, 13)]
    [InlineData(MachineExitCause.VmmDied, null, StopRequest.None, 1)]
    public void The_reason_is_the_sum_the_api_documents(MachineExitCause cause, int? exitCode, object asked, int reason) =>
        Assert.Equal(reason, StopClassifier.Ended(new MachineExit(cause, exitCode, null), (StopRequest)asked).Reason);

    [Fact]
    public void Out_of_memory_has_the_documented_stop_code() =>
        Assert.Equal(818_948, StopClassifier.Ended(new MachineExit(MachineExitCause.OutOfMemory, 137, null), StopRequest.None).Code);

    [Fact]
    public void An_orderly_exit_has_the_documented_stop_code() =>
        Assert.Equal(33_024, StopClassifier.Ended(new MachineExit(MachineExitCause.ApplicationExited, 1, null), StopRequest.None).Code);

    [Fact]
    public void The_three_crashes_are_told_apart() =>
        Assert.Equal(3, new[] { MachineExitCause.OutOfMemory, MachineExitCause.KernelCrashed, MachineExitCause.VmmDied }
            .Select(cause => StopClassifier.Ended(new MachineExit(cause, null, null), StopRequest.None).Code).Distinct().Count());

    [Fact]
    public void Standby_shows_as_scaled_to_zero() => Assert.Equal(39, StopClassifier.Standby.Reason);

    [Theory]
    [InlineData(ErrorCode.NotFound, 1)]
    [InlineData(ErrorCode.OperationFailed, 0)]
    public void A_start_that_failed_names_the_missing_image_apart(ErrorCode code, int expected) =>
        Assert.Equal(expected, StopClassifier.StartFailed(new WispError(code, "x")).Code);
}
