using System.Diagnostics;
using Wisp.Bench.Measuring;

namespace Wisp.Bench.Tests.Measuring;

public sealed class ProcessMeterTests
{
    [Fact]
    public void A_process_has_resident_memory()
    {
        Assert.InRange(ProcessMeter.ResidentMib(Environment.ProcessId).Value, 1, 10_000);
    }

    [Fact]
    public async Task A_process_that_has_ended_is_no_idle_process()
    {
        using var process = Process.Start("true");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var measured = await ProcessMeter.CpuPercentAsync([process.Id], TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Contains($"Process {process.Id} ended", measured.Error!.Message, StringComparison.Ordinal);
    }
}
