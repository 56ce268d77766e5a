using CsCheck;
using Wisp.Platform.Naming;

namespace Wisp.Platform.Tests.Naming;

public sealed class ResourceNameTests
{
    [Theory]
    [InlineData("web", "web")]
    [InlineData("Web-1", "web-1")]
    [InlineData("9lives", "9lives")]
    [InlineData("a.b_c", "a.b_c")]
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
        Gen.String[Gen.Char.AlphaNumeric, 1, 80].Sample(image =>
            new[]
            {
                NameGenerator.ForInstance(image), NameGenerator.ForReplica(NameGenerator.ForInstance(image)),
                NameGenerator.ForServiceGroup(), NameGenerator.DomainLabel(),
            }.All(name => ResourceName.TryParse(name, out _, out _)));
}
