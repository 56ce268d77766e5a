using System.Diagnostics;
using Wisp.Guest.Native;
using Wisp.Guest.Tests.Support;
using Wisp.GuestProtocol;

namespace Wisp.Guest.Tests.Control;

public sealed class ControlFilesystemTests
{
    [Fact]
    public void Sleep_is_held_by_a_counter_of_which_the_host_hears()
    {
        using var control = new MountedControl();
        var path = control["scale_to_zero_disable"];
        Assert.Equal("=0\n", File.ReadAllText(path));
        File.WriteAllText(path, "+\n");
        File.AppendAllText(path, "+41");
        Assert.Equal("=42\n", File.ReadAllText(path));
        Assert.Equal([1, 42], [BitConverter.ToInt64(control.Heard.Take().Payload), BitConverter.ToInt64(control.Heard.Take().Payload)]);
        control.Do(files => files.Report());
        Assert.Equal((FrameKind.SleepHolds, 42), (control.Heard.Take() is var (kind, payload) ? (kind, BitConverter.ToInt64(payload)) : default));
        var fd = control.Open("scale_to_zero_disable");
        Assert.Equal(-Libc.EInval, MountedControl.Write(fd, "42"));
        Assert.Equal(-Libc.ERange, MountedControl.Write(fd, "-43"));
        Assert.Equal(2, MountedControl.Write(fd, "-2"));
        // What is read after a write begins at its first byte.
        Assert.Equal("=40\n", MountedControl.Read(fd));
        Assert.Equal("", MountedControl.Read(fd));
        _ = Libc.close(fd);
    }

    [Fact]
    public async Task A_template_write_returns_in_a_clone_and_fails_where_the_host_could_not()
    {
        using var control = new MountedControl();
        var fd = control.Open("template_instance");
        Assert.Equal(-Libc.EInval, MountedControl.Write(fd, "2"));
        Assert.Equal("0\n", File.ReadAllText(control["template_instance"]));
        var write = MountedControl.WriteLater(fd, "1\n");
        Assert.Equal(1u, control.HearTicket(FrameKind.TemplateRequest));
        var other = control.Open("template_instance");
        Assert.Equal(-Libc.EBusy, MountedControl.Write(other, "1"));
        control.Do(files => files.OnTemplateDone(new TemplateOutcome { Ticket = 1, Errno = 5 }));
        Assert.Equal(-Libc.EIo, await write);
        write = MountedControl.WriteLater(fd, "1\n");
        Assert.Equal(2u, control.HearTicket(FrameKind.TemplateRequest));
        control.Do(files => files.OnRestored(new GuestRestore { TemplateTicket = 2, Identity = new GuestIdentity { Hostname = "clone" } }));
        Assert.Equal(2, await write);
        Assert.Equal("1\n", MountedControl.Read(fd));
        _ = Libc.close(fd);
        _ = Libc.close(other);
    }

    [Fact]
    public void Everybody_may_use_it_and_nobody_change_it()
    {
        using var control = new MountedControl();
        Assert.Equal(
            ["fork", "scale_to_zero_disable", "template_instance", "vm"],
            Directory.GetFileSystemEntries(control.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        File.SetUnixFileMode(control["fork"], UnixFileMode.None);
        Assert.Equal((UnixFileMode)0b110_110_110, File.GetUnixFileMode(control["fork"]));
        Assert.Equal((UnixFileMode)0b101_101_101, File.GetUnixFileMode(control["vm"]));
        Assert.Throws<UnauthorizedAccessException>(() => File.Delete(control["fork"]));
        Assert.Throws<UnauthorizedAccessException>(() => File.WriteAllText(control["new"], ""));
        Assert.Throws<FileNotFoundException>(() => File.ReadAllText(control["nothing"]));
        Assert.Equal("libukp", new DriveInfo(control.Path).DriveFormat is var format && format.Contains("fuse", StringComparison.Ordinal) ? "libukp" : format);
    }

    [Fact]
    public async Task A_user_without_privileges_uses_it_from_a_shell()
    {
        using var control = new MountedControl();
        using var shell = Process.Start(new ProcessStartInfo(
            "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", "echo +3 > scale_to_zero_disable && cat scale_to_zero_disable && ls -l"])
        {
            WorkingDirectory = control.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        Assert.StartsWith("=3\n", output, StringComparison.Ordinal);
        Assert.Contains("-rw-rw-rw-", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_waits_when_init_lets_go_is_freed()
    {
        using var control = new MountedControl();
        var fd = control.Open("fork");
        var write = MountedControl.WriteLater(fd, "1");
        Assert.Equal(1u, control.HearTicket(FrameKind.ForkRequest));
        control.Do(files => files.Dispose());
        Assert.True(await write < 0);
        _ = Libc.close(fd);
    }
}
