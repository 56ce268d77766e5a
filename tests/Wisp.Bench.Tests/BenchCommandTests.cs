namespace Wisp.Bench.Tests;

public sealed class BenchCommandTests
{
    [Fact]
    public void The_suites_are_those_of_the_contract()
    {
        Assert.Equal(["wake", "boot", "snapshots", "gateway", "services", "cli", "api", "all"], BenchCommand.Suites);
    }

    [Fact]
    public async Task An_unknown_suite_is_a_usage_error_that_names_those_there_are()
    {
        using StringWriter output = new(), progress = new();
        var code = await BenchCommand.RunAsync(new BenchOptions { Suite = "speed" }, output, progress, TestContext.Current.CancellationToken);
        Assert.Equal(2, code);
        Assert.Equal("", output.ToString());
        Assert.Equal("error: There is no suite 'speed'. Suites: wake, boot, snapshots, gateway, services, cli, api, all.\n", progress.ToString());
    }
}
