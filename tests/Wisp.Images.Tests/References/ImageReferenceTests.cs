using CsCheck;
using Wisp.Images.References;

namespace Wisp.Images.Tests.References;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("hello", "hello", null, null)]
    [InlineData("hello:1.0", "hello", "1.0", null)]
    [InlineData("acme/web:v2", "acme/web", "v2", null)]
    [InlineData("ghcr.io/acme/deep/web:v2", "ghcr.io/acme/deep/web", "v2", null)]
    [InlineData("localhost:5000/web", "localhost:5000/web", null, null)]
    [InlineData("localhost:5000/web:a", "localhost:5000/web", "a", null)]
    [InlineData("a__b.c-d--e", "a__b.c-d--e", null, null)]
    [InlineData("oci://acme/web:v2", "acme/web", "v2", null)]
    [InlineData("OCI://web", "web", null, null)]
    [InlineData("web@" + Digest, "web", null, Digest)]
    [InlineData("web:v2@" + Digest, "web", "v2", Digest)]
    public void A_reference_is_taken_apart(string text, string name, string? tag, string? digest)
    {
        var parsed = ImageReference.Parse(text).Value;
        Assert.Equal((name, tag, digest), (parsed.Name, parsed.Tag, parsed.Digest));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Hello")]
    [InlineData("hello ")]
    [InlineData("hello\n")]
    [InlineData("hello:")]
    [InlineData("hello:a b")]
    [InlineData(":tag")]
    [InlineData("/hello")]
    [InlineData("hello/")]
    [InlineData("a//b")]
    [InlineData("../etc/passwd")]
    [InlineData("-hello")]
    [InlineData("a..b")]
    [InlineData("hello@sha256:12")]
    [InlineData("hello@md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("http://hello")]
    [InlineData("käse")]
    public void What_is_no_reference_is_refused_with_an_example(string text)
    {
        Assert.True(ImageReference.Parse(text).Failed(out var error, out _));
        Assert.Equal(ErrorCode.InvalidValue, error.Code);
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("name:tag", error.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_of_endless_length_is_refused() =>
        Assert.False(ImageReference.Parse(new string('a', 100_000)).IsSuccess);

    [Theory]
    [InlineData("hello", false)]
    [InlineData("acme/web", false)]
    [InlineData("acme.io/web", true)]
    [InlineData("localhost/web", true)]
    [InlineData("registry:5000/web", true)]
    [InlineData("web.example", false)]
    public void A_host_is_told_from_a_path(string text, bool host) =>
        Assert.Equal(host, ImageReference.Parse(text).Value.HasHost);

    [Fact]
    public void What_was_read_is_written_the_same() =>
        Gen.OneOf(Gen.Const("hello"), Gen.Int[0, 10].Select(place => "abz09/:@._-"[place]).Array[1, 30].Select(letters => new string(letters))).Sample(text =>
            ImageReference.Parse(text).Failed(out _, out var parsed) || parsed.ToString() == text);
}
