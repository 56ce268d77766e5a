using Wisp.Artifacts.Kernel;

namespace Wisp.Artifacts.Tests.Kernel;

public sealed class KernelConfigurationTests
{
    [Fact]
    public void Options_are_read_as_the_kernels_tools_write_them()
    {
        var options = KernelConfiguration.Parse("# A comment about CONFIG_NOT=y\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=\"x=y\"\nCONFIG_D=64\n\n");
        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["CONFIG_A"] = "y", ["CONFIG_B"] = "n", ["CONFIG_C"] = "\"x=y\"", ["CONFIG_D"] = "64" },
            options);
    }

    [Theory]
    [InlineData("CONFIG_A=y", "CONFIG_A=y")]
    [InlineData("# CONFIG_A is not set", "")]
    [InlineData("# CONFIG_A is not set", "# CONFIG_A is not set")]
    public void What_came_of_it_as_asked_is_met(string asked, string got) => Assert.Empty(KernelConfiguration.Unmet(asked, got));

    [Theory]
    [InlineData("CONFIG_A=y", "", "CONFIG_A=y")]
    [InlineData("CONFIG_A=y", "# CONFIG_A is not set", "CONFIG_A=y")]
    [InlineData("CONFIG_A=64", "CONFIG_A=8", "CONFIG_A=64")]
    [InlineData("# CONFIG_A is not set", "CONFIG_A=y", "CONFIG_A=n")]
    public void What_did_not_is_named(string asked, string got, string unmet) => Assert.Equal([unmet], KernelConfiguration.Unmet(asked, got));

    [Fact]
    public void Ours_asks_for_each_option_once_under_a_comment_and_for_no_module()
    {
        var lines = KernelRecipe.Configuration.Split('\n');
        var options = lines.Where(line => line.StartsWith("CONFIG_", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(options);
        Assert.Equal(options.Length, options.Select(line => line.Split('=')[0]).Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(options, line => line.EndsWith("=m", StringComparison.Ordinal));
        Assert.All(KernelRecipe.Configuration.TrimEnd().Split("\n\n"), group => Assert.StartsWith("# ", group, StringComparison.Ordinal));
    }
}
