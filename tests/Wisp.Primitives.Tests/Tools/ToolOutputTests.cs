using Wisp.Tools;

namespace Wisp.Primitives.Tests.Tools;

public sealed class ToolOutputTests
{
    [Theory]
    [InlineData("out", "first\nreason\n\n", "reason")]
    [InlineData("only\nthis \n", " \n", "this")]
    [InlineData("", "", "exit code 3")]
    public void The_last_line_is_the_reason(string stdout, string stderr, string expected) =>
        Assert.Equal(expected, new ToolOutput(3, stdout, stderr).LastLine);

    [Fact]
    public void A_missing_program_names_its_debian_package()
    {
        var error = ToolPackages.Missing("/usr/bin/mkfs.erofs", "no such file");
        Assert.Equal("Cannot run 'mkfs.erofs': no such file.", error.Message);
        Assert.Equal("Install it: apt-get install erofs-utils", error.NextStep);
    }

    [Fact]
    public void A_missing_program_of_no_known_package_is_named_itself() =>
        Assert.Contains("'frobnicate'", ToolPackages.Missing("frobnicate", "gone").NextStep, StringComparison.Ordinal);
}
