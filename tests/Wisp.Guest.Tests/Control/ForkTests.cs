using System.Diagnostics;
using Wisp.Guest.Native;
using Wisp.Guest.Tests.Support;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Tests.Control;

public sealed class ForkTests
{
    private const string NoChild = "00000000-0000-0000-0000-000000000000\n";

    private static readonly Guid Child = Guid.Parse("6f1c1d2e-0000-4000-8000-00000000002a");

    [Fact]
    public async Task The_parent_reads_its_child_once_the_host_has_forked()
    {
        using var control = new MountedControl();
        var fd = control.Open("fork");
        Assert.Equal("", MountedControl.Read(fd));
        var write = MountedControl.WriteLater(fd, "go\n");
        Assert.Equal(1u, control.HearTicket(FrameKind.ForkRequest));
        Assert.False(write.IsCompleted);
        control.Do(files => files.OnForkDone(new ForkOutcome { Ticket = 1, Uuid = Child }));
        Assert.Equal(3, await write);
        Assert.Equal($"{Child}\n", MountedControl.Read(fd));
        Assert.Equal("", MountedControl.Read(fd));
        Assert.Equal(0, Libc.lseek(fd, 0, 0));
        Assert.Equal($"{Child}\n", MountedControl.Read(fd));
        _ = Libc.close(fd);
    }

    [Fact]
    public async Task Forks_take_turns_and_a_full_queue_is_busy()
    {
        using var control = new MountedControl();
        var handles = Enumerable.Range(0, 17).Select(_ => control.Open("fork")).ToArray();
        var first = MountedControl.WriteLater(handles[0], "1");
        Assert.Equal(1u, control.HearTicket(FrameKind.ForkRequest));
        var others = handles[1..].Select(fd => MountedControl.WriteLater(fd, "1")).ToList();
        var busy = await Task.WhenAny(others);
        Assert.Equal(-Libc.EBusy, await busy);
        others.Remove(busy);
        for (var ticket = 1u; ticket <= 16; ticket++)
        {
            // Nothing was asked before its turn.
            Assert.Empty(control.Heard);
            control.Do(files => files.OnForkDone(new ForkOutcome { Ticket = ticket, Uuid = ticket == 2 ? null : Child, Errno = ticket == 2 ? 5 : 0 }));
            var done = ticket == 1 ? first : await Task.WhenAny(others);
            Assert.Equal(ticket == 2 ? -5 : 1, await done);
            others.Remove(done);
            if (ticket < 16)
            {
                Assert.Equal(ticket + 1, control.HearTicket(FrameKind.ForkRequest));
            }
        }

        Assert.Empty(others);
        Array.ForEach(handles, fd => _ = Libc.close(fd));
    }

    [Fact]
    public async Task In_the_child_its_own_write_reads_nobody_and_the_others_are_stale()
    {
        using var control = new MountedControl();
        var (mine, other) = (control.Open("fork"), control.Open("fork"));
        var write = MountedControl.WriteLater(mine, "1");
        Assert.Equal(1u, control.HearTicket(FrameKind.ForkRequest));
        var second = MountedControl.WriteLater(other, "1");
        await control.UntilWaiting(2);
        control.Do(files => files.OnRestored(new GuestRestore { ForkTicket = 1 }));
        Assert.Equal(1, await write);
        Assert.Equal(NoChild, MountedControl.Read(mine));
        Assert.Equal(-Libc.EStale, await second);
        // And it may fork again.
        var again = MountedControl.WriteLater(other, "1");
        var ticket = control.HearTicket(FrameKind.ForkRequest);
        control.Do(files => files.OnForkDone(new ForkOutcome { Ticket = ticket, Uuid = Child }));
        Assert.Equal(1, await again);
        Assert.Equal($"{Child}\n", MountedControl.Read(other));
        _ = Libc.close(mine);
        _ = Libc.close(other);
    }

    [Fact]
    public async Task A_clone_that_is_no_child_has_stale_forks_and_the_same_machine_asks_on()
    {
        using var control = new MountedControl();
        var fd = control.Open("fork");
        var write = MountedControl.WriteLater(fd, "1");
        Assert.Equal(1u, control.HearTicket(FrameKind.ForkRequest));
        control.Do(files => files.OnRestored(new GuestRestore()));
        control.Do(files => files.Report());
        Assert.Equal(1u, control.HearTicket(FrameKind.ForkRequest));
        Assert.False(write.IsCompleted);
        control.Do(files => files.OnRestored(new GuestRestore { Identity = new GuestIdentity { Hostname = "clone" } }));
        Assert.Equal(-Libc.EStale, await write);
        _ = Libc.close(fd);
    }

    /// <summary>A signal ends a write that waits for its turn, and one whose fork is under way not.</summary>
    [Fact]
    public async Task A_killed_writer_goes_unless_its_fork_is_under_way()
    {
        using var control = new MountedControl();
        using var first = Process.Start("sh", ["-c", $"echo > {control["fork"]}"]);
        Assert.Equal(1u, control.HearTicket(FrameKind.ForkRequest));
        using var second = Process.Start("sh", ["-c", $"echo > {control["fork"]}"]);
        await control.UntilWaiting(2);
        first.Kill();
        second.Kill();
        await second.WaitForExitAsync();
        Assert.False(first.HasExited);
        control.Do(files => files.OnForkDone(new ForkOutcome { Ticket = 1, Uuid = Child }));
        await first.WaitForExitAsync();
        // The second one's is not asked for.
        Assert.Empty(control.Heard);
    }
}
