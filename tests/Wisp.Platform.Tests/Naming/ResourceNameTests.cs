using CsCheck;
using Wisp.Platform.Naming;

namespace Wisp.Platform.Tests.Naming;

public sealed class ResourceNameTests
{
    [Theory]
    [InlineData("web", "web")]
    [InlineData("Web-1", "web-1")]
    [InlineData("9lives", "9lives")]
    [InlineData("a.b-c", "a.b-c")]
    public void A_good_name_is_lowered(string text, string expected)
    {
        Assert.True(ResourceName.TryParse(text, out var name, out _));
        Assert.Equal(expected, name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a-")]
    [InlineData("a.")]
    [InlineData("a--b")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("käse")]
    [InlineData("a\nb")]
    [InlineData("-a")]
    [InlineData("a_b")]
    public void A_bad_name_is_refused_in_the_words_clients_match(string text)
    {
        Assert.False(ResourceName.TryParse(text, out _, out var error));
        Assert.Equal(ErrorCode.InvalidValue, error.Code);
        Assert.StartsWith($"Invalid name '{text}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_name_has_63_characters()
    {
        Assert.True(ResourceName.TryParse(new string('a', 63), out _, out _));
        Assert.False(ResourceName.TryParse(new string('a', 64), out _, out var error));
        Assert.Equal(ErrorCode.TooLong, error.Code);
    }

    [Fact]
    public void Every_generated_name_is_a_good_name() =>
        Gen.String[Gen.Char[' ', 'ÿ'], 0, 80].Sample(image =>
            new[]
            {
                NameGenerator.ForInstance(image), NameGenerator.ForReplica(NameGenerator.ForInstance(image)),
                NameGenerator.ForServiceGroup(), NameGenerator.DomainLabel(),
            }.All(name => ResourceName.TryParse(name, out _, out _)));

    [Theory]
    [InlineData("acme/my_app", "my-app-")]
    [InlineData("acme/My__App", "my-app-")]
    [InlineData("acme/_", "instance-")]
    [InlineData("acme/web.v2", "web.v2-")]
    [InlineData("acme/v1._x", "v1.-x-")]
    public void An_image_lends_its_base_name_with_what_is_refused_made_good(string image, string expected)
    {
        var name = NameGenerator.ForInstance(image);
        Assert.Equal(expected, name[..^5]);
    }
}
