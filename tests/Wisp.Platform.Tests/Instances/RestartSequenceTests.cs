using Wisp.Platform.Instances;
using Wisp.Platform.Records;

namespace Wisp.Platform.Tests.Instances;

public sealed class RestartSequenceTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 5)]
    [InlineData(3, 10)]
    [InlineData(4, 20)]
    [InlineData(5, 40)]
    [InlineData(8, 300)]
    [InlineData(1000, 300)]
    public void The_delay_doubles_up_to_five_minutes(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RestartSequence.DelayBefore(attempt));

    [Theory]
    [InlineData(RestartPolicy.Never, 1, false)]
    [InlineData(RestartPolicy.Always, 0, true)]
    [InlineData(RestartPolicy.OnFailure, 0, false)]
    [InlineData(RestartPolicy.OnFailure, 3, true)]
    [InlineData(RestartPolicy.OnFailure, null, true)]
    public void The_policy_decides_by_exit_code(RestartPolicy policy, int? exitCode, bool wants) =>
        Assert.Equal(wants, RestartSequence.Wants(policy, new StopInfo(3, exitCode, null, null)));
}
