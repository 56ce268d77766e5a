using Wisp.Guest.Native;
using Wisp.Guest.Tests.Support;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Tests.Control;

public sealed class ChildFilesTests
{
    private static readonly ForkChild Running = new()
    {
        Uuid = Guid.Parse("6f1c1d2e-0000-4000-8000-00000000002a"),
        Snapshot = "c0ffee00-0000-4000-8000-000000000001",
        CreationTime = "2026-11-25T17:40:00Z",
        Status = "Running",
    };

    private static readonly string Directory = $"vm/{Running.Uuid}";

    [Fact]
    public void Children_are_shown_as_the_host_tells()
    {
        using var control = new MountedControl();
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(control["vm"]));
        control.Do(files => files.OnChild(Running with { Status = "Starting" }));
        Assert.Equal([control[Directory]], System.IO.Directory.GetDirectories(control["vm"]));
        Assert.Equal(
            ["creation_time", "snapshot", "status", "wait"],
            System.IO.Directory.GetFiles(control[Directory]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("Starting\n", File.ReadAllText(control[$"{Directory}/status"]));
        control.Do(files => files.OnChild(Running));
        Assert.Equal("Running\n", File.ReadAllText(control[$"{Directory}/status"]));
        Assert.Equal(Running.Snapshot + "\n", File.ReadAllText(control[$"{Directory}/snapshot"]));
        Assert.Equal(Running.CreationTime + "\n", File.ReadAllText(control[$"{Directory}/creation_time"]));
    }

    [Fact]
    public async Task A_write_to_wait_waits_for_the_end_and_then_reads_the_exit_code()
    {
        using var control = new MountedControl();
        control.Do(files => files.OnChild(Running));
        var (first, second) = (control.Open($"{Directory}/wait"), control.Open($"{Directory}/wait"));
        var writes = new[] { MountedControl.WriteLater(first, "1"), MountedControl.WriteLater(second, "1\n") };
        await control.UntilWaiting(2);
        control.Do(files => files.OnChild(Running with { Status = "Stopped", ExitCode = 42 }));
        var counts = await Task.WhenAll(writes);
        Assert.Equal([1, 2], counts);
        Assert.Equal("42\n", MountedControl.Read(first));
        Assert.Equal("", MountedControl.Read(first));
        // A child is deleted as soon as it ends; who saw the end still reads how.
        control.Do(files => files.OnChild(Running with { Status = "Stopped", ExitCode = 42, Gone = true }));
        Assert.Equal("42\n", MountedControl.Read(second));
        _ = Libc.close(first);
        _ = Libc.close(second);
    }

    [Fact]
    public unsafe void A_poll_of_wait_sees_the_end()
    {
        using var control = new MountedControl();
        control.Do(files => files.OnChild(Running));
        var fd = control.Open($"{Directory}/wait");
        var epoll = Libc.epoll_create1(Libc.CloseOnExec);
        var wanted = new EpollEvent { Events = Libc.EpollIn | Libc.EpollOut, Fd = fd };
        Assert.Equal(0, Libc.epoll_ctl(epoll, Libc.EpollAdd, fd, &wanted));
        EpollEvent happened;
        Assert.Equal(0, Libc.epoll_wait(epoll, &happened, 1, 0));
        control.Do(files => files.OnChild(Running with { ExitCode = 0 }));
        Assert.Equal(1, Libc.epoll_wait(epoll, &happened, 1, 60_000));
        Assert.Equal(Libc.EpollIn | Libc.EpollOut, happened.Events & (Libc.EpollIn | Libc.EpollOut));
        Assert.Equal("0\n", MountedControl.Read(fd));
        _ = Libc.close(epoll);
        _ = Libc.close(fd);
    }

    [Fact]
    public async Task A_child_that_is_gone_is_stale()
    {
        using var control = new MountedControl();
        control.Do(files => files.OnChild(Running));
        var (status, wait, writer) = (control.Open($"{Directory}/status", Libc.ReadOnly), control.Open($"{Directory}/wait"), control.Open($"{Directory}/wait"));
        var write = MountedControl.WriteLater(writer, "1");
        await control.UntilWaiting(1);
        control.Do(files => files.OnChild(Running with { Gone = true }));
        Assert.Equal(-Libc.EStale, await write);
        Assert.Equal($"errno {Libc.EStale}", MountedControl.Read(status));
        Assert.Equal($"errno {Libc.EStale}", MountedControl.Read(wait));
        Assert.Equal(-Libc.EStale, MountedControl.Write(wait, "1"));
        Assert.Equal(-Libc.EStale, control.Open($"{Directory}/wait"));
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(control["vm"]));
        Assert.Equal(-Libc.ENoEnt, control.Open("vm/00000000-0000-0000-0000-000000000000/wait"));
        Array.ForEach([status, wait, writer], fd => _ = Libc.close(fd));
    }

    [Fact]
    public void Whoever_would_not_wait_is_told_so()
    {
        using var control = new MountedControl();
        control.Do(files => files.OnChild(Running));
        var fd = control.Open($"{Directory}/wait", Libc.ReadWrite | Libc.NonBlock);
        Assert.Equal(-Libc.EAgain, MountedControl.Write(fd, "1"));
        Assert.Equal($"errno {Libc.EAgain}", MountedControl.Read(fd));
        _ = Libc.close(fd);
    }

    [Fact]
    public async Task The_children_of_a_forks_source_are_not_the_childs()
    {
        using var control = new MountedControl();
        control.Do(files => files.OnChild(Running));
        var fd = control.Open($"{Directory}/wait");
        var write = MountedControl.WriteLater(fd, "1");
        await control.UntilWaiting(1);
        control.Do(files => files.OnRestored(new GuestRestore { ForkTicket = 1 }));
        Assert.Equal(-Libc.EStale, await write);
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(control["vm"]));
        control.Do(files => files.OnChild(Running with { Uuid = Guid.Parse("6f1c1d2e-0000-4000-8000-00000000002b") }));
        Assert.Equal($"errno {Libc.EStale}", MountedControl.Read(fd));
        _ = Libc.close(fd);
    }
}
