using System.Diagnostics;
using Wisp.Machines.Qemu.Vmms;

namespace Wisp.Machines.Tests.Qemu.Vmms;

public sealed class VmmProcessTests
{
    [Fact]
    public void A_living_process_is_known_and_measured()
    {
        var self = VmmProcess.Find(Environment.ProcessId)!;
        Assert.True(self.IsAlive);
        var usage = self.ReadUsage()!.Value;
        Assert.InRange(usage.ResidentBytes, Environment.WorkingSet / 2, Environment.WorkingSet * 2);
        Assert.True(usage.CpuTime > TimeSpan.Zero);
    }

    [Fact]
    public async Task Ending_it_waits_until_it_is_gone()
    {
        using var child = Process.Start("sleep", "infinity");
        var process = VmmProcess.Find(child.Id)!;
        await process.EndAsync(TimeProvider.System);
        Assert.Equal((false, null), (process.IsAlive, process.ReadUsage() is { ResidentBytes: > 0 } usage ? usage : (MachineUsage?)null));
        await child.WaitForExitAsync();
        Assert.Equal(137, child.ExitCode);
    }

    /// <summary>An id comes back one day for another process; the start time does not.</summary>
    [Fact]
    public void Another_process_with_the_same_id_is_not_meant()
    {
        var other = new VmmProcess(Environment.ProcessId, 1);
        Assert.False(other.IsAlive);
        Assert.Null(other.ReadUsage());
        // Were it, this test would end here.
        other.Kill();
    }

    [Fact]
    public void A_process_that_never_was_is_not_found() => Assert.Null(VmmProcess.Find(int.MaxValue));

    /// <summary>The name in /proc/pid/stat may hold spaces and parentheses.</summary>
    [Fact]
    public async Task A_name_that_looks_like_fields_does_not_confuse()
    {
        var program = Path.Combine(Directory.CreateTempSubdirectory("wisp-test-").FullName, "a) Z 1 (b");
        File.Copy("/bin/sleep", program);
        using var child = Process.Start(program, "infinity");
        var process = VmmProcess.Find(child.Id)!;
        Assert.True(process.IsAlive);
        await process.EndAsync(TimeProvider.System);
        Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
    }
}
