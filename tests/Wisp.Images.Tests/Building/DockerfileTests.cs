using CsCheck;
using Wisp.Images.Building;

namespace Wisp.Images.Tests.Building;

public sealed class DockerfileTests
{
    [Theory]
    [InlineData("FROM debian:bookworm-slim", "debian:bookworm-slim")]
    [InlineData("from debian", "debian")]
    [InlineData("  FROM   debian  ", "debian")]
    [InlineData("FROM \"debian\"", "debian")]
    [InlineData("FROM --platform=linux/amd64 debian AS base", "debian")]
    [InlineData("FROM scratch", "")]
    [InlineData("FROM \\\n  debian", "debian")]
    [InlineData("# FROM ubuntu\nFROM debian\r\nRUN x", "debian")]
    [InlineData("FROM \\\n# a comment between\n  debian", "debian")]
    [InlineData("FROM golang AS build\nFROM debian\nCOPY --from=build /a /a", "golang debian")]
    [InlineData("FROM golang AS build\nFROM build\nFROM BUILD", "golang")]
    [InlineData("FROM debian\nFROM debian", "debian")]
    [InlineData("RUN echo FROM ubuntu", "")]
    [InlineData("", "")]
    public void The_images_that_stages_begin_with_are_found(string text, string images) =>
        Assert.Equal(images, string.Join(' ', Dockerfile.BaseImages(text, Given())));

    [Theory]
    [InlineData("FROM scratch\nCOPY --from=ghcr.io/acme/uv:1 /uv /bin/", "ghcr.io/acme/uv:1")]
    [InlineData("FROM scratch\nCOPY --chown=1:1 --from=tools /a /b", "tools")]
    [InlineData("FROM debian AS a\nCOPY --from=a /x /y\nCOPY --from=0 /x /y", "debian")]
    [InlineData("FROM debian\nRUN --mount=type=bind,from=tools,target=/t /t/run", "debian tools")]
    [InlineData("FROM debian\nRUN cp --from=nonsense a b", "debian")]
    public void The_images_that_stages_copy_from_are_found(string text, string images) =>
        Assert.Equal(images, string.Join(' ', Dockerfile.BaseImages(text, Given())));

    [Theory]
    [InlineData("ARG V=12\nFROM debian:$V", "debian:12")]
    [InlineData("ARG V=12\nFROM debian:${V}-slim", "debian:12-slim")]
    [InlineData("ARG V=\"12\"\nFROM debian:${V}", "debian:12")]
    [InlineData("ARG V\nFROM debian:${V:-bookworm}", "debian:bookworm")]
    [InlineData("ARG V=\nFROM debian:${V:-bookworm}", "debian:bookworm")]
    [InlineData("ARG V=12\nFROM debian:${V:-bookworm}", "debian:12")]
    [InlineData("ARG V=12\nARG BASE=debian:${V}\nFROM $BASE", "debian:12")]
    [InlineData("FROM debian:${GIVEN:-x}", "debian:x")]
    [InlineData("ARG GIVEN=default\nFROM debian:$GIVEN", "debian:outside")]
    [InlineData("ARG GIVEN\nFROM debian:$GIVEN", "debian:outside")]
    [InlineData("FROM debian AS a\nARG V=1\nFROM $V", "debian")]
    [InlineData("FROM $NOTHING", "")]
    public void Arguments_are_filled_in(string text, string images) =>
        Assert.Equal(images, string.Join(' ', Dockerfile.BaseImages(text, Given("GIVEN", "outside"))));

    [Theory]
    [InlineData("RUN <<EOF\nls\nEOF", true)]
    [InlineData("RUN cat <<'EOF' > x", true)]
    [InlineData("run <<-\"EOF\"", true)]
    [InlineData("COPY <<EOF /a", true)]
    [InlineData("RUN cat <<< word", false)]
    [InlineData("RUN cat <<<word", false)]
    [InlineData("RUN echo $((1 << 2))", false)]
    [InlineData("# RUN <<EOF", false)]
    [InlineData("ENV A=<<EOF", false)]
    public void A_here_document_is_told_from_what_looks_like_one(string text, bool expected) =>
        Assert.Equal(expected, Dockerfile.HasHeredoc(text));

    [Fact]
    public void Whatever_a_file_holds_there_is_an_answer() =>
        Gen.OneOf(Gen.Const("FROM "), Gen.Const("ARG "), Gen.Const("\\\n"), Gen.Const("${"), Gen.Const("$"), Gen.Const("\n"), Gen.Char.Select(c => c.ToString()))
            .Array[0, 60].Select(string.Concat)
            .Sample(text => Dockerfile.BaseImages(text, Given()).All(image => image.Length > 0));

    private static Dictionary<string, string> Given(string? name = null, string value = "") =>
        name is null ? [] : new(StringComparer.Ordinal) { [name] = value };
}
