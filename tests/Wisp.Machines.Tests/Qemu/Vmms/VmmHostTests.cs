using Wisp.Machines.Qemu;
using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Tests.Support;
using Wisp.Tools;

namespace Wisp.Machines.Tests.Qemu.Vmms;

/// <summary>Real VMMs, started and taken away.</summary>
public sealed class VmmHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_vmm_that_is_discarded_leaves_nothing_and_its_user_is_free()
    {
        await using var lab = new VmmLab(users: 1);
        for (var i = 0; i < 2; i++)
        {
            var vmm = await lab.StartAsync();
            Assert.Equal([vmm.Record.Id], lab.Running());
            await lab.Host.DiscardAsync(vmm);
            lab.AssertNothingOf(vmm.Record.Id);
        }
    }

    [Fact]
    public async Task Without_a_user_there_is_no_vmm()
    {
        await using var lab = new VmmLab(users: 1);
        await lab.StartAsync();
        var error = (await lab.Host.StartAsync(VmmLab.Shape, null, Cancellation)).Error!;
        Assert.Equal(ErrorCode.NothingFree, error.Code);
    }

    [Fact]
    public async Task Those_without_a_guest_are_ended_by_the_next()
    {
        await using var lab = new VmmLab();
        var blank = await lab.StartAsync();
        var forgotten = await lab.StartAsync();
        // As after a disk that was full at the wrong moment: only the directory's name says which it is.
        File.Delete(forgotten.Files.Record);
        Directory.CreateDirectory(Path.Combine(lab.Options.VmmDirectory, "something-else"));
        await lab.NewHost().TakeOverAsync();
        lab.AssertNothingOf(blank.Record.Id);
        lab.AssertNothingOf(forgotten.Record.Id);
        Assert.Empty(Directory.EnumerateFileSystemEntries(lab.Options.VmmDirectory));
    }

    /// <summary>Before it is adopted: another machine may be started first.</summary>
    [Fact]
    public async Task The_user_of_one_with_a_guest_is_nobody_elses_after_a_restart()
    {
        await using var lab = new VmmLab(users: 1);
        var vmm = await lab.StartAsync();
        var machine = new MachineFiles(lab.At("machine"));
        Directory.CreateDirectory(machine.Directory);
        vmm.MoveTo(machine.Vmm);
        var next = lab.NewHost();
        await next.TakeOverAsync();
        Assert.Equal([vmm.Record.Id], lab.Running());
        Assert.Equal(ErrorCode.NothingFree, (await next.StartAsync(VmmLab.Shape, null, Cancellation)).Error!.Code);
        await next.RemoveAsync(machine.Vmm, vmm.Record);
        await next.DiscardAsync((await next.StartAsync(VmmLab.Shape, null, Cancellation)).Value);
    }

    [Fact]
    public async Task One_that_cannot_start_is_told_in_qemus_words_and_leaves_nothing()
    {
        await using var lab = new VmmLab(users: 1);
        var boot = new VmmBoot(lab.WritePages("kernel", 1), lab.WritePages("initramfs", 1), null);
        var error = (await lab.Host.StartAsync(VmmLab.Shape, boot, Cancellation)).Error!;
        Assert.Equal("vmm-start", error.Help);
        Assert.Contains("qemu: linux kernel too", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(lab.Options.VmmDirectory));
        // Its user, too.
        await lab.StartAsync();
    }

    /// <summary>At each of the steps: before the jail runs, while it does, and when the VMM is there.</summary>
    [Theory]
    [InlineData(Interruption.BeforeTheJail)]
    [InlineData(Interruption.AfterTheJail)]
    public async Task A_start_that_is_given_up_leaves_nothing(Interruption when)
    {
        await using var lab = new VmmLab(users: 1);
        using var cancellation = new CancellationTokenSource();
        var host = lab.NewHost(new Interrupting(when, cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.StartAsync(VmmLab.Shape, null, cancellation.Token));
        Assert.Empty(lab.Running());
        Assert.Empty(Directory.EnumerateFileSystemEntries(lab.Options.VmmDirectory));
        await host.DiscardAsync((await host.StartAsync(VmmLab.Shape, null, Cancellation)).Value);
    }

    public enum Interruption
    {
        BeforeTheJail,
        AfterTheJail,
    }

    private sealed class Interrupting(Interruption when, CancellationTokenSource interruption) : IToolRunner
    {
        private readonly ToolRunner _tools = new();

        public async Task<Result<ToolOutput>> RunAsync(ToolCommand command, Action<ToolLine>? onLine = null, CancellationToken cancellation = default)
        {
            if (when == Interruption.BeforeTheJail)
            {
                await interruption.CancelAsync();
            }

            var output = await _tools.RunAsync(command, onLine, cancellation);
            await interruption.CancelAsync();
            return output;
        }
    }
}
