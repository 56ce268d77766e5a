using Wisp.Guest.Entrypoint;

namespace Wisp.Guest.Tests.Entrypoint;

public sealed class EnvironmentBlockTests
{
    private const string Path = "PATH=" + EnvironmentBlock.DefaultPath;

    [Fact]
    public void An_empty_one_has_what_docker_gives() =>
        Assert.Equal([Path, "HOSTNAME=web", "HOME=/root"], EnvironmentBlock.Build([], "web", "/root"));

    [Fact]
    public void What_the_image_says_stands() =>
        Assert.Equal(
            ["A=1", "HOME=/data", "HOSTNAME=mine", "PATH=/opt/bin"],
            EnvironmentBlock.Build(["HOME=/data", "PATH=/opt/bin", "HOSTNAME=mine", "A=1"], "web", "/root").Order(StringComparer.Ordinal));

    [Fact]
    public void A_later_value_wins_in_the_place_of_the_first() =>
        Assert.Equal([Path, "HOSTNAME=w", "A=3", "B=2", "HOME=/"], EnvironmentBlock.Build(["A=1", "B=2", "A=3"], "w", "/"));

    [Fact]
    public void A_value_may_hold_anything()
    {
        var built = EnvironmentBlock.Build(["A==x=y", "B=", "C=two\nlines", "D"], "w", "/");
        Assert.Equal(["=x=y", "", "two\nlines", ""], new[] { "A", "B", "C", "D" }.Select(name => EnvironmentBlock.Value(built, name)));
    }

    [Fact]
    public void An_empty_home_is_none() =>
        Assert.Equal("/home/app", EnvironmentBlock.Value(EnvironmentBlock.Build(["HOME="], "w", "/home/app"), "HOME"));

    [Fact]
    public void A_name_is_not_found_by_its_beginning() =>
        Assert.Null(EnvironmentBlock.Value(["PATHS=/x"], "PATH"));
}
