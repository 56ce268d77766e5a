using Wisp.Bench.Reporting;

namespace Wisp.Bench.Tests.Reporting;

public sealed class MachineDescriptionTests
{
    [Fact]
    public void Values_are_found_by_name()
    {
        Assert.Equal("Some CPU @ 2.5 GHz: fast", MachineDescription.Value("processor\t: 0\nmodel name\t: Some CPU @ 2.5 GHz: fast\nprocessor\t: 1\nmodel name\t: Other", "model name"));
        Assert.Equal("unknown", MachineDescription.Value("processor : 0", "model name"));
    }

    [Fact]
    public void QEMUs_version_is_the_word_after_version()
    {
        Assert.Equal("7.2.22", MachineDescription.QemuVersion("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\nCopyright (c) 2003-2022\n"));
        Assert.Equal("unknown", MachineDescription.QemuVersion(""));
    }
}
