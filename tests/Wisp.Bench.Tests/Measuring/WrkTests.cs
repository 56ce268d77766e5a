using Wisp.Bench.Measuring;

namespace Wisp.Bench.Tests.Measuring;

public sealed class WrkTests
{
    private const string Good = """
        Running 5s test @ http://127.0.0.1:8080/
          1 threads and 32 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency    38.53ms   12.04ms 120.66ms   74.35%
            Req/Sec   831.02     92.51     1.01k    68.00%
          Latency Distribution
             50%   37.10ms
             75%   44.02ms
             90%   53.91ms
             99%   71.50ms
          4140 requests in 5.01s, 0.85MB read
        Requests/sec:    826.71
        Transfer/sec:    173.88KB
        """;

    [Fact]
    public void The_rate_and_the_slowest_but_one_in_a_hundred_are_read()
    {
        Assert.Equal(new Wrk.Load(826.71, TimeSpan.FromMilliseconds(71.5)), Wrk.Parse(Good).Value);
    }

    [Theory]
    [InlineData("712.00us", 0.712)]
    [InlineData("1.25s", 1250)]
    public void Its_units_are_understood(string text, double milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Wrk.Parse(Good.Replace("71.50ms", text, StringComparison.Ordinal)).Value.P99);
    }

    [Theory]
    [InlineData("  Non-2xx or 3xx responses: 12")]
    [InlineData("  Socket errors: connect 0, read 3, write 0, timeout 0")]
    public void A_rate_with_failures_in_it_is_no_rate(string line)
    {
        Assert.Contains(line.Trim(), Wrk.Parse(Good.Replace("Requests/sec", line + "\nRequests/sec", StringComparison.Ordinal)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_words_are_no_rate()
    {
        Assert.False(Wrk.Parse("unable to connect").IsSuccess);
    }
}
