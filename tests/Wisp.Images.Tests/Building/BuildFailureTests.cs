using Wisp.Images.Building;
using Wisp.Tools;

namespace Wisp.Images.Tests.Building;

public sealed class BuildFailureTests
{
    private const string File = "/ctx/Dockerfile", Step = "STEP 3/4: RUN make";

    [Fact]
    public void A_failing_step_is_named_with_its_exit_code()
    {
        var error = Explain(Step, "make: *** No rule\nError: building at STEP \"RUN make\": while running runtime: exit status 2\n");
        Assert.Equal((ErrorCode.OperationFailed, "build-failed"), (error.Code, error.Help));
        Assert.Equal("/ctx/Dockerfile: STEP 3/4: RUN make failed with exit code 2.", error.Message);
    }

    /// <summary>go run, make and shells say such words themselves.</summary>
    [Fact]
    public void What_the_step_itself_printed_is_not_its_exit_code() =>
        Assert.Contains("exit code 7.", Explain(Step, "exit status 1\nError: building at STEP \"RUN make\": exit status 7\n").Message, StringComparison.Ordinal);

    [Fact]
    public void A_full_disk_is_told_from_a_failing_step()
    {
        var error = Explain(Step, "cp: write error: No space left on device\nError: exit status 1\n");
        Assert.Equal("disk-full", error.Help);
        Assert.Contains("/storage", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_step_it_is_the_file_that_is_wrong()
    {
        var error = Explain("", "Error: dockerfile parse error line 2: unknown instruction: FRM\n");
        Assert.Equal(ErrorCode.InvalidValue, error.Code);
        Assert.Equal("/ctx/Dockerfile cannot be built: Error: dockerfile parse error line 2: unknown instruction: FRM", error.Message);
    }

    private static WispError Explain(string step, string stderr) => BuildFailure.Explain(File, step, new ToolOutput(125, "", stderr), "/storage");
}
