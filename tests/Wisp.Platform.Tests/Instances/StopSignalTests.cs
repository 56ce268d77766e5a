using Wisp.Platform.Instances;

namespace Wisp.Platform.Tests.Instances;

public sealed class StopSignalTests
{
    [Theory]
    [InlineData(null, 15)]
    [InlineData("", 15)]
    [InlineData("SIGQUIT", 3)]
    [InlineData("QUIT", 3)]
    [InlineData("sigint", 2)]
    [InlineData("9", 9)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("SIGNONSENSE", 15)]
    [InlineData("99", 15)]
    public void A_stop_signal_reads_as_docker_reads_it(string? text, int number) => Assert.Equal(number, StopSignal.Parse(text));
}
