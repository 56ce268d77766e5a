using Wisp.Images.Bases;

namespace Wisp.Images.Tests.Bases;

public sealed class DebianBaseTests
{
    [Theory]
    [InlineData("debian:bookworm-slim", "bookworm", true)]
    [InlineData("debian:bookworm", "bookworm", false)]
    [InlineData("debian:12-slim", "bookworm", true)]
    [InlineData("debian:trixie", "trixie", false)]
    [InlineData("debian:stable-slim", "trixie", true)]
    [InlineData("debian", "trixie", false)]
    [InlineData("library/debian:12", "bookworm", false)]
    [InlineData("docker.io/library/debian:12", "bookworm", false)]
    public void Debian_is_known_by_all_its_names(string image, string suite, bool slim) =>
        Assert.Equal((suite, slim), DebianBase.Match(image));

    [Theory]
    [InlineData("ubuntu")]
    [InlineData("debian:nonsense")]
    [InlineData("debian:-slim")]
    [InlineData("acme/debian:12")]
    [InlineData("ghcr.io/library/debian:12")]
    [InlineData("debian:12@sha256:ab")]
    public void Something_else_is_not_debian(string image) => Assert.Null(DebianBase.Match(image));
}
