using Wisp.Bench.Measuring;

namespace Wisp.Bench.Tests.Measuring;

public sealed class MemoryMeterTests
{
    private const string Rollup =
        """
        55d0c0a00000-7ffd2a5f8000 ---p 00000000 00:00 0                          [rollup]
        Rss:                3072 kB
        Shared_Clean:       1024 kB
        Private_Clean:       512 kB
        Private_Dirty:      1536 kB
        """;

    [Fact]
    public void What_is_private_is_clean_and_dirty_together() =>
        Assert.Equal(2.0, MemoryMeter.Sum(Rollup, "Private_Clean", "Private_Dirty"));

    [Fact]
    public void A_process_that_is_gone_has_nothing() => Assert.Equal(0, MemoryMeter.PrivateMib(int.MaxValue));

    [Fact]
    public void This_process_has_something_of_its_own_and_the_host_something_to_give()
    {
        Assert.InRange(MemoryMeter.PrivateMib(Environment.ProcessId), 1, MemoryMeter.ResidentMib(Environment.ProcessId));
        Assert.True(MemoryMeter.AvailableMib() > 0);
    }
}
