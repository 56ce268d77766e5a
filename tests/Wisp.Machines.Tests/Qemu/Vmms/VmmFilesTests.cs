using Wisp.Machines.Qemu.Vmms;
using Wisp.Machines.Tests.Support;

namespace Wisp.Machines.Tests.Qemu.Vmms;

public sealed class VmmFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly VmmFiles _files;

    public VmmFilesTests() => _files = new VmmFiles(_directory.Path);

    [Theory]
    [InlineData("", null)]
    [InlineData("\n \n", null)]
    [InlineData("first\nlast\n\n", "last")]
    [InlineData("unfinished", "unfinished")]
    public void The_last_words_are_the_last_line_that_says_something(string text, string? expected)
    {
        File.WriteAllText(_files.Log, text);
        Assert.Equal(expected, VmmFiles.LastLine(_files.Log));
    }

    [Fact]
    public void A_long_log_is_read_from_its_end()
    {
        File.WriteAllText(_files.Log, new string('x', 100_000) + "\nqemu: died\n");
        Assert.Equal("qemu: died", VmmFiles.LastLine(_files.Log));
    }

    [Theory]
    [InlineData("boot\nKernel panic - not syncing: Attempted to kill init!\nCPU: 0\nreboot: Restarting\n", "Kernel panic - not syncing: Attempted to kill init!")]
    [InlineData("boot\nwisp-init: cannot mount the root disk\nreboot: Restarting system\n", "wisp-init: cannot mount the root disk")]
    [InlineData("boot\nOut of memory\nreboot: Restarting system\n", "Out of memory")]
    [InlineData("", null)]
    public void The_reason_of_a_kernels_death_is_found(string text, string? expected)
    {
        File.WriteAllText(_files.KernelLog, text);
        Assert.Equal(expected, _files.PanicLine());
    }

    [Fact]
    public void A_log_that_does_not_exist_says_nothing()
    {
        Assert.Null(_files.PanicLine());
        Assert.Null(VmmFiles.LastLine(_files.Log));
    }

    public void Dispose() => _directory.Dispose();
}
